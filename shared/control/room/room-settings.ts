/**
 * The settings of a room as they are stored: one JSON value, and in it the scenario that is on stage with the settings that the room had before it.
 *
 * Guarantees: neither is ever on disk without the other, so that a lab that was killed in the middle of a scenario still knows the way back. Values that
 * earlier versions stored are read: a room that one of them left in a scenario goes back to the default settings.
 */
import { z } from 'zod';
import type { ReplicaId } from '../../clocks/dot.ts';
import { defaultSettings, type LabSettings } from '../lab-settings.ts';
import type { Room } from '../../relay/room/room.ts';
import { replicaIdSchema, settingsSchema } from '../schemas.ts';

/** A scenario that a room has the document and settings of. */
export interface StagedScenario {
  /** In the catalogue; null where it came as a text. */
  readonly name: string | null;
  /** Of one that came as a text; null where it is in the catalogue, or an earlier version stored it. */
  readonly text: string | null;
  readonly title: string;
  readonly lookAt: string;
  readonly replicas: readonly ReplicaId[];
  /** What the room had before its first scenario. */
  readonly before: LabSettings;
}

const stagedShape: z.ZodType<StagedScenario> = z.object({
  name: z.string().nullable(),
  text: z.string().nullable().default(null),
  title: z.string(),
  lookAt: z.string(),
  replicas: z.array(replicaIdSchema),
  before: settingsSchema,
});

/** The room's settings; the default ones where none, or none that this version knows, are stored. */
export function settingsOf(room: Pick<Room, 'settings'>): LabSettings {
  const stored = settingsSchema.safeParse(partsOf(room.settings).settings);
  return stored.success ? stored.data : defaultSettings;
}

/** The scenario whose document the room has; null: the room has the lab's own document. */
export function stagedIn(room: Room): StagedScenario | null {
  if (settingsOf(room).schema === null) return null;
  const staged = stagedShape.safeParse(partsOf(room.settings).scenario);
  return staged.success ? staged.data : { name: null, text: null, title: 'A scenario', lookAt: '', replicas: [], before: defaultSettings };
}

/** What is to be stored for settings of the lab's own document, or for those of a scenario. */
export function storedSettings(settings: LabSettings, scenario: StagedScenario | null = null): object {
  return scenario === null ? settings : { ...settings, scenario };
}

/** Changes the room's settings; a scenario stays on stage. Resolves when they are on disk. */
export async function changeSettings(room: Room, settings: LabSettings): Promise<void> {
  await room.setSettings(storedSettings(settings, stagedIn(room)));
}

function partsOf(stored: unknown): { readonly settings: unknown; readonly scenario?: unknown } {
  if (typeof stored !== 'object' || stored === null || !('scenario' in stored)) return { settings: stored };
  const { scenario, ...settings } = stored;
  return { settings, scenario };
}
