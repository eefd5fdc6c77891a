export interface RowWindow {
  /** First row to draw, and the first not to draw any more. */
  readonly first: number;
  readonly end: number;
  /** Heights of what is not drawn, in pixels. */
  readonly above: number;
  readonly below: number;
}

interface Scrolled {
  readonly rows: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly viewHeight: number;
  /** So many rows are drawn above and below what is seen, so that quick scrolling and the tab key find something. */
  readonly spare: number;
}

/** Which rows of a long table are drawn. */
export function rowWindow({ rows, rowHeight, scrollTop, viewHeight, spare }: Scrolled): RowWindow {
  const firstSeen = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const endSeen = Math.ceil((Math.max(0, scrollTop) + viewHeight) / rowHeight);
  const end = Math.min(rows, endSeen + spare);
  const first = Math.max(0, Math.min(firstSeen - spare, end));
  return { first, end, above: first * rowHeight, below: (rows - end) * rowHeight };
}
