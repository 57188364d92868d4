/**
 * One window a replica: two would write the same journal. Holds a lock of this name for as long as the page lives; false if another page of this
 * browser holds it. Where a page has no locks (plain HTTP on a phone), the relay is the one that refuses the second.
 */
export function claimWindow(name: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      // Held until the page goes away.
      return lock === null ? undefined : new Promise<void>(() => {});
    });
  });
}
