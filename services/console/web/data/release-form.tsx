import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { ReasonField } from '../parts/reason-field.tsx';
import { useSubmission } from '../parts/use-submission.ts';

/** Lets rows out of quarantine, against the contract: for approvers, with a reason. */
export function ReleaseForm({ project, datasetVersion }: { project: string; datasetVersion: number }) {
  const client = useClient();
  const [isAsked, setIsAsked] = useState(false);
  const { sending, failure, submit } = useSubmission();
  const release = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const checks = String(form.get('checks'))
      .split(/[\s,]+/)
      .filter(Boolean);
    const body = { checks, reason: String(form.get('reason')) };
    setIsAsked(
      await submit(() => client.call('releaseQuarantine', { params: { project, datasetVersion }, body })),
    );
  };
  return (
    <details>
      <summary>Release rows from quarantine</summary>
      <form class="decision" onSubmit={release}>
        <label>
          Checks whose rows are released, all where empty
          <input name="checks" placeholder="range:age, pattern:code" autoComplete="off" />
        </label>
        <ReasonField label="Reason" name="reason" maxLength={1000} />
        <div class="buttons">
          <button type="submit" class="danger" disabled={sending}>
            Release
          </button>
        </div>
        {isAsked && <p role="status">The version is validated anew with these rows.</p>}
        {failure && <FailureNotice failure={failure} doing="Releasing" />}
      </form>
    </details>
  );
}
