/** The shapes of what comes in, under the names that the OpenAPI document gives them. They are those that check the requests. */
import type { z } from 'zod';
import { islandsShape, sessionNameShape } from '../../../shared/control/islands-format.ts';
import { linkShape } from '../../../shared/control/link-format.ts';
import { momentChoiceSchema, relayStateSchema, replicaRequestSchema, roomNameSchema, scenarioChoiceSchema, settingsChangeSchema } from '../../../shared/control/schemas.ts';

export const requestShapes = {
  RelaySwitch: relayStateSchema,
  SettingsChange: settingsChangeSchema,
  ReplicaRequest: replicaRequestSchema,
  MomentChoice: momentChoiceSchema,
  IslandLists: islandsShape,
  LinkChange: linkShape,
  ScenarioChoice: scenarioChoiceSchema,
} satisfies Record<string, z.ZodType>;

export type RequestName = keyof typeof requestShapes;

/** The parameters in paths, by the names that the router has for them. */
export const pathParameters: Readonly<Record<string, { readonly description: string; readonly shape: z.ZodType; readonly example: string }>> = {
  room: { description: 'The room; it is made when it is first named. The lab\'s own is "lab".', shape: roomNameSchema, example: 'lab' },
  name: { description: 'A replica, or a session by the ?name= of its address. It need not be connected.', shape: sessionNameShape, example: 'A' },
};
