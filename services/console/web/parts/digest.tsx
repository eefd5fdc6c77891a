import { shortDigest } from '../text/format.ts';

/** The beginning of a digest; the whole of it on pointing. */
export function Digest({ value }: { value: string }) {
  return (
    <code class="digest" title={value}>
      {shortDigest(value)}
    </code>
  );
}
