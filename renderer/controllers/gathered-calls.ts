/** A function that may be called many times in a row and runs once for all of them, before anything else happens. */
export function gatheredCalls(run: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    queueMicrotask(() => {
      isWaiting = false;
      run();
    });
  };
}
