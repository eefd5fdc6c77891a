/** Where a row stands among the rows of its entity: the one of the greatest rank is the newest. Times in microseconds since 1970. */
export interface RowOrder {
  readonly eventAt: number;
  readonly availableAt: number;
  /** Tells rows of one instant apart, in the order of arrival: the row's number in its file, padded; a record's id. */
  readonly tie: string;
}

/** Later than any row: whatever stands there goes. */
export const afterAll: RowOrder = {
  eventAt: Number.MAX_SAFE_INTEGER,
  availableAt: Number.MAX_SAFE_INTEGER,
  tie: '~',
};

/** Microseconds from the first of January of the year 1 to 1970: makes all times of ISO 8601 positive. */
const yearOneMicroseconds = 62_135_596_800_000_000n;
const digits = 18;

const sortable = (microseconds: number): string =>
  (BigInt(microseconds) + yearOneMicroseconds).toString().padStart(digits, '0');

/**
 * One text for the order of a row: by event time, then by when it became known, then by order of arrival. Texts compare as rows do, so that a
 * table can refuse an older row by one condition.
 */
export const rankOf = ({ eventAt, availableAt, tie }: RowOrder): string =>
  `${sortable(eventAt)}/${sortable(availableAt)}/${tie}`;

/** The order that a rank was made of. */
export function orderOf(rank: string): RowOrder {
  const [eventAt = '', availableAt = ''] = rank.split('/', 2);
  return {
    eventAt: Number(BigInt(eventAt) - yearOneMicroseconds),
    availableAt: Number(BigInt(availableAt) - yearOneMicroseconds),
    tie: rank.slice(eventAt.length + availableAt.length + 2),
  };
}

/** The same text in SQL, of expressions for the two times (TIMESTAMPTZ) and the tie. */
export const rankSql = (eventAt: string, availableAt: string, tie: string): string => {
  const sortableSql = (time: string) =>
    `lpad((epoch_us(${time}) + ${yearOneMicroseconds})::VARCHAR, ${digits}, '0')`;
  return `${sortableSql(eventAt)} || '/' || ${sortableSql(availableAt)} || '/' || ${tie}`;
};

/** A row's number in its file as a tie that sorts by it. */
export const tieOfRowNumber = (rowNumber: number | bigint): string => String(rowNumber).padStart(12, '0');
