/**
 * Runs `work` over items with at most `concurrency` at a time, and reports how many from the start are done without
 * a gap: the point from which an interrupted run can go on.
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T, index: number) => Promise<void>,
  onDone: (doneWithoutGap: number) => void = () => {},
): Promise<void> {
  const running = new Set<Promise<void>>();
  const ahead = new Set<number>();
  let done = 0;
  let index = 0;
  let failure: { readonly error: unknown } | undefined;
  for await (const item of items) {
    if (failure !== undefined) break;
    const at = index;
    index += 1;
    const task = work(item, at)
      .then(() => {
        ahead.add(at);
        while (ahead.delete(done)) done += 1;
        onDone(done);
      })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}
