/** That this window's program was killed by a scenario, and is not to be opened again before the scenario says so. Kept in this tab alone. */

const aheadKeyOf = (name: string): string => `rejoin/clock-ahead/${name}`;
const keyOf = (name: string): string => `rejoin/crashed/${name}`;

/** `replica` is the id under which the window is known. */
export function noteCrash(name: string, replica: string): void {
  sessionStorage.setItem(keyOf(name), replica);
}

/** The id of the replica that was killed here; null if none was. */
export function crashNote(name: string): string | null {
  return sessionStorage.getItem(keyOf(name));
}

/** `advancedMs`: how far the clock of the program that is started again is ahead of the machine's. */
export function forgetCrash(name: string, advancedMs: number): void {
  sessionStorage.removeItem(keyOf(name));
  sessionStorage.setItem(aheadKeyOf(name), String(advancedMs));
}

/** How far the clock of the program that starts now is ahead, in milliseconds; 0 unless a scenario started it again. Told once. */
export function takeAdvancedMs(name: string): number {
  const advancedMs = Number(sessionStorage.getItem(aheadKeyOf(name)));
  sessionStorage.removeItem(aheadKeyOf(name));
  return Number.isFinite(advancedMs) ? advancedMs : 0;
}
