/** Does `work` for each item, at most `lanes` of them at a time. */
export async function forEach<T>(
  items: Iterable<T>,
  lanes: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** How often `work` is done in a second, `lanes` at a time, the first call with 0, the next with 1. */
export async function perSecond(
  work: (index: number) => Promise<unknown>,
  { lanes, seconds }: { readonly lanes: number; readonly seconds: number },
): Promise<number> {
  const start = performance.now();
  let done = 0;
  await forEach(numbersUntil(start + seconds * 1000), lanes, async (index) => {
    await work(index);
    done += 1;
  });
  return (done * 1000) / (performance.now() - start);
}

function* numbersUntil(end: number): Generator<number> {
  for (let index = 0; performance.now() < end; index += 1) yield index;
}
