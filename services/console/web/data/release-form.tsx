import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';

/** Lets rows out of quarantine, against the contract: for approvers, with a reason. */
export function ReleaseForm({ project, datasetVersion }: { project: string; datasetVersion: number }) {
  const client = useClient();
  const [state, setState] = useState<'idle' | 'sending' | 'asked'>('idle');
  const [failure, setFailure] = useState<Error>();
  const release = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const checks = String(form.get('checks'))
      .split(/[\s,]+/)
      .filter(Boolean);
    setState('sending');
    setFailure(undefined);
    try {
      await client.call('releaseQuarantine', {
        params: { project, datasetVersion },
        body: { checks, reason: String(form.get('reason')) },
      });
      setState('asked');
    } catch (error) {
      setFailure(error as Error);
      setState('idle');
    }
  };
  return (
    <details>
      <summary>Release rows from quarantine</summary>
      <form class="decision" onSubmit={release}>
        <label>
          Checks whose rows are released, all where empty
          <input name="checks" placeholder="range:age, pattern:code" autoComplete="off" />
        </label>
        <label>
          Reason
          <textarea
            name="reason"
            rows={2}
            required
            maxLength={1000}
            placeholder="Why: it stays in the audit log"
          />
        </label>
        <div class="buttons">
          <button type="submit" class="danger" disabled={state === 'sending'}>
            Release
          </button>
        </div>
        {state === 'asked' && <p role="status">The version is validated anew with these rows.</p>}
        {failure && <FailureNotice failure={failure} doing="Releasing" />}
      </form>
    </details>
  );
}
