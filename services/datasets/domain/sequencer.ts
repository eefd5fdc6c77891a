/**
 * Whether sequencer `a` of an S3 event came before `b`, for the same key. Sequencers are hexadecimal of different lengths,
 * compared from the left, the shorter filled up with zeros on the right (Amazon S3 User Guide, event message structure).
 */
export function cameBefore(a: string, b: string): boolean {
  const length = Math.max(a.length, b.length);
  return a.toLowerCase().padEnd(length, '0') < b.toLowerCase().padEnd(length, '0');
}
