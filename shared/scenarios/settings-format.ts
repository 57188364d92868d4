/** The shapes of the strategies' settings, wherever people write them: scenarios, control API. Objects are strict: a misspelt member is an error. */
import { z } from 'zod';
import { strategyIds } from '../history/record.ts';
import { settingsDescriptors, type StrategySettings } from '../strategies/registry.ts';
import type { SettingsGroup } from '../strategies/strategy-descriptor.ts';

const replicas = z.number().int().min(1, 'at least 1 replica must answer').max(1_000);

export const strategyIdShape = z.enum(strategyIds);

type ShapeOf<Settings> = z.ZodObject<{ readonly [Name in keyof Settings]: z.ZodType<Settings[Name]> }, z.core.$strict>;

/** As their forms have them. */
export const strategySettingsShapes = Object.fromEntries(
  settingsDescriptors.map(({ settings: { key, form } }) => [key, shapeOf(form)]),
) as unknown as { readonly [Key in keyof StrategySettings]: ShapeOf<StrategySettings[Key]> };

function shapeOf(form: readonly SettingsGroup[]): z.ZodObject {
  const values = new Map<string, Set<string | boolean> | null>();
  for (const input of form.flatMap(({ inputs }) => inputs)) {
    if (input.kind === 'replicas') {
      values.set(input.name, null);
      continue;
    }
    const known = values.get(input.name) ?? new Set();
    for (const value of input.kind === 'choice' ? [input.value] : [input.off, input.on]) known.add(value);
    values.set(input.name, known);
  }
  return z.strictObject(Object.fromEntries([...values].map(([name, known]) => [name, known === null ? replicas : valueShape([...known])])));
}

function valueShape(values: readonly (string | boolean)[]): z.ZodType {
  return values.every((value) => typeof value === 'boolean') ? z.boolean() : z.enum(values as string[]);
}
