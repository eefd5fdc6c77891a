/** A JSON object of which nothing is known yet. */
export type Message = Readonly<Record<string, unknown>>;

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A message inside a message; an empty one where there is none: MLflow leaves out what is empty. */
export function messageIn(message: Message, field: string): Message {
  const value = message[field];
  return isMessage(value) ? value : {};
}

/** Repeated messages. */
export function messagesIn(message: Message, field: string): Message[] {
  const value = message[field];
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

export function textIn(message: Message, field: string): string {
  const value = message[field];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Times, sizes, steps: int64 is a number in some answers and a text in others. Undefined where absent. */
export function wholeIn(message: Message, field: string): number | undefined {
  const value = message[field];
  if (typeof value !== 'number' && (typeof value !== 'string' || value === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Stock servers keep infinity as the greatest double. */
const infinite = Number.MAX_VALUE;

/** A measured value; `NaN`, `Infinity` and `-Infinity` travel as texts. */
export function doubleIn(message: Message, field: string): number {
  const value = message[field];
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0;
  if (Math.abs(number) < infinite || Number.isNaN(number)) return number;
  return Math.sign(number) * Number.POSITIVE_INFINITY;
}

/** `[{ key, value }]` as a map. */
export function pairsIn(message: Message, field: string): ReadonlyMap<string, string> {
  return new Map(messagesIn(message, field).map((pair) => [textIn(pair, 'key'), textIn(pair, 'value')]));
}
