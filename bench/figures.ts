/** One figure, one line: everything a reader or a script needs to compare it with another run. */
export function print(figure: string, values: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ figure, node: process.version, ...rounded(values) }));
}

function rounded(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "number" ? Number(value.toFixed(Math.abs(value) < 10 ? 3 : 1)) : value,
    ]),
  );
}

/** The value below which the share `q` (0 to 1) of the sample lies. */
export function quantile(sample: readonly number[], q: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5);

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
