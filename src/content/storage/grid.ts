/** The part of a table cell that decides which columns it covers. */
interface Span {
  readonly colspan?: number | undefined;
  readonly rowspan?: number | undefined;
}

/** First column (from 0) of every cell, with spans of earlier rows taken into account. */
export function columnsOf(rows: readonly (readonly Span[])[]): number[][] {
  const taken: number[] = [];
  return rows.map((row, y) => {
    let column = 0;
    return row.map((cell) => {
      while ((taken[column] ?? 0) > y) column += 1;
      const first = column;
      column += cell.colspan ?? 1;
      for (let x = first; x < column; x += 1) taken[x] = y + (cell.rowspan ?? 1);
      return first;
    });
  });
}
