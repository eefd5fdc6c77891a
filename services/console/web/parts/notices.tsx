import type { ComponentChildren } from 'preact';
import { ApiFailure } from '../api/client.ts';
import type { Polled } from '../api/use-api.ts';

/** What went wrong, in the platform's words. */
export function FailureNotice({ failure, doing }: { failure: Error; doing: string }) {
  const violations = failure instanceof ApiFailure ? failure.violations : [];
  return (
    <div class="notice failed" role="alert">
      <p>
        <strong>{doing} did not work.</strong> {failure.message}
      </p>
      {violations.length > 0 && (
        <ul>
          {violations.map(({ path, message }) => (
            <li key={path}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What there is to see when there is nothing yet, and what brings something. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

interface LoadedProps<Value> {
  readonly polled: Polled<Value>;
  /** What is being loaded, e.g. `Reading the journeys`. */
  readonly doing: string;
  readonly children: (value: Value) => ComponentChildren;
}

/** Shows the newest answer; a later failure stands above it, because what is shown may be old. */
export function Loaded<Value>({ polled: { value, failure }, doing, children }: LoadedProps<Value>) {
  return (
    <>
      {failure && <FailureNotice failure={failure} doing={doing} />}
      {value !== undefined && children(value)}
      {value === undefined && !failure && <p class="empty">{doing} …</p>}
    </>
  );
}
