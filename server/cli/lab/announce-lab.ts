/** Tells where a lab runs: people line by line, programs in one line of JSON. */
import type { Output } from '../console/output.ts';
import type { LabRequest } from './lab-command-line.ts';
import type { RunningLab } from './run-lab.ts';
import { originsFromOutside } from './server-options.ts';
import { shownToken } from './token-options.ts';

/** What the commands that run a lab tell differently. */
export interface Announcement {
  /** What people read. */
  readonly lines: readonly string[];
  /** What somebody else is given to join, at this origin of the lab. */
  readonly invitation: (origin: string, token: string) => string;
  readonly replicas: readonly string[];
  /** Where the rooms are kept. */
  readonly keptIn: { readonly data: string } | { readonly redis: string };
}

export function announceLab({ host, room }: LabRequest, { lab, tokens }: RunningLab, { lines, invitation, replicas, keptIn }: Announcement, { say, json }: Output): void {
  const { url, port } = lab;
  const token = shownToken(tokens);
  for (const line of lines) say(line);
  if (token !== null) {
    // People type addresses on phones: the ones that work from there, as they are to be typed.
    const outside = originsFromOutside(host, url);
    say('Everybody needs the token, in the address or as "Authorization: Bearer TOKEN":');
    for (const origin of outside.length > 0 ? outside : [url]) say(`  ${invitation(origin, token)}`);
  }
  json({ url, ...(token === null || tokens.isSecret ? {} : { token }), port, socket: clientAddress(url, token), room, replicas, ...keptIn });
}

/** Where y-websocket clients join a room. */
export function clientAddress(origin: string, token: string | null): string {
  return `${origin.replace('http', 'ws')}/ROOM${token === null ? '' : `?token=${encodeURIComponent(token)}`}`;
}
