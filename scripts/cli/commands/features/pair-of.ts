/** Name and value of `driver_id=d001`; undefined where it is none. The value may hold further equals signs, or nothing. */
export function pairOf(text: string): readonly [name: string, value: string] | undefined {
  const at = text.indexOf('=');
  return at < 1 ? undefined : [text.slice(0, at), text.slice(at + 1)];
}
