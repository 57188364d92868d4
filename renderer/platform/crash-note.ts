/** That this window's program was killed by a scenario, and is not to be opened again before the scenario says so. Kept in this tab alone. */

const keyOf = (name: string): string => `rejoin/crashed/${name}`;

/** `replica` is the id under which the window is known. */
export function noteCrash(name: string, replica: string): void {
  sessionStorage.setItem(keyOf(name), replica);
}

/** The id of the replica that was killed here; null if none was. */
export function crashNote(name: string): string | null {
  return sessionStorage.getItem(keyOf(name));
}

export function forgetCrash(name: string): void {
  sessionStorage.removeItem(keyOf(name));
}
