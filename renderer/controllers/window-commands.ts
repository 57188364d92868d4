/** Does in this window what a scenario asks for, as a person would who sits in front of it. */
import type { ControlMessage } from '../../shared/control/control-message.ts';
import type { ReplicaStatus } from '../../shared/control/replica-status.ts';
import type { WindowCommand, WindowReport } from '../../shared/control/window-commands.ts';
import { errorText } from '../../shared/encoding/error-text.ts';
import type { ShownField } from '../../shared/scenarios/stage.ts';
import { isCoordinated } from '../../shared/strategies/registry.ts';
import type { Replica } from '../../shared/replica/replica.ts';
import type { StrategySet } from '../../shared/strategies/strategy-set.ts';

export interface CommandedWindow {
  readonly replica: Replica;
  readonly strategies: StrategySet;
  status(): ReplicaStatus;
  setOnline(online: boolean): void;
  setSkewMs(skewMs: number): void;
  /** Notes that somebody made this replica the leader. */
  promoted(): void;
  /** Lets the window's clock go on by so many milliseconds. */
  advance(ms: number): void;
  /** Ends this program without a word. */
  crash(): void;
}

/** Does it; never rejects. */
export async function answerCommand(window: CommandedWindow, id: number, command: WindowCommand): Promise<Extract<ControlMessage, { kind: 'done' }>> {
  try {
    const value = await obey(window, command);
    return { kind: 'done', id, ...(value === undefined ? {} : { value }) };
  } catch (error) {
    return { kind: 'done', id, error: errorText(error).slice(0, 2_000) };
  }
}

/** The answer, as JSON can say it. Rejects with what cannot be done. */
async function obey(window: CommandedWindow, command: WindowCommand): Promise<unknown> {
  const { replica, strategies } = window;
  switch (command.does) {
    case 'show': {
      const siblings = command.column === 'siblings' ? strategies.siblings.waiting(command.field).map(({ key, value }) => ({ key, value })) : [];
      return { value: replica.value(command.column, command.field), siblings } satisfies ShownField;
    }
    case 'perform': return void replica.perform(command.field, command.intent, command.options);
    // A person who gets no answer shrugs.
    case 'read': return void (await replica.readFrom(command.from).catch(() => undefined));
    case 'network': return window.setOnline(command.online);
    case 'skew': return window.setSkewMs(command.skewMs);
    case 'advance': return window.advance(command.ms);
    case 'promote': {
      window.promoted();
      return void strategies.singleLeader.promote();
    }
    case 'report': return reportOf(window);
    // The answer first: a dead program says nothing.
    case 'crash': return void setTimeout(() => window.crash());
    case 'restart': throw new Error('this replica is up');
  }
}

function reportOf({ replica, strategies, status }: CommandedWindow): WindowReport {
  const unanswered = strategies.all.reduce((sum, { id }) => sum + (isCoordinated(id) ? replica.unanswered(id) : 0), 0);
  return { status: { ...status() }, unanswered, members: replica.members };
}
