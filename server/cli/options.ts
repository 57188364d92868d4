/** Reading the options of a command: each complaint is one line that names the command. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errorText } from '../../shared/encoding/error-text.ts';
import { isStrategyId } from '../../shared/history/record-parts.ts';
import { type StrategyId, strategyIds } from '../../shared/history/record.ts';
import { UsageError } from './usage-error.ts';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** What was given for each option, by its name without dashes. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Throws a UsageError for options that there are none of. */
export function optionsOf<Known extends Options>(command: string, words: readonly string[], options: Known, allowPositionals: boolean): ReturnType<typeof parseArgs<{ args: string[]; options: Known; allowPositionals: boolean }>> {
  try {
    return parseArgs({ args: [...words], options, allowPositionals });
  } catch (error) {
    // Node's message goes on with advice about positional arguments.
    const first = errorText(error).split(/\.\s|\n/)[0] ?? '';
    throw new UsageError(`rejoin ${command}: ${first.charAt(0).toLowerCase()}${first.slice(1)} (see rejoin ${command} --help)`);
  }
}

/** The text that was given for an option; null where it was left out. Throws a UsageError for an empty one. */
export function textOption(command: string, values: OptionValues, name: string): string | null {
  const value = values[name];
  if (value === '') throw new UsageError(`rejoin ${command}: --${name} must not be empty`);
  return typeof value === 'string' ? value : null;
}

/** A whole number; `option` is "run: --seed". Throws a UsageError. */
export function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(number >= min && number <= max)) throw new UsageError(`rejoin ${option} is a whole number from ${min} to ${max}, not "${text}"`);
  return number;
}

/** Strategies by their ids, in the order of the columns; null where none was named. Throws a UsageError. */
export function strategiesNamed(command: string, names: readonly string[] | undefined): StrategyId[] | null {
  if (!names) return null;
  const unknown = names.find((name) => !isStrategyId(name));
  if (unknown !== undefined) throw new UsageError(`rejoin ${command}: --strategy is one of ${strategyIds.join(', ')}, not "${unknown}"`);
  return strategyIds.filter((id) => names.includes(id));
}
