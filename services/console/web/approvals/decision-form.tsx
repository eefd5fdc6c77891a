import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { ApprovalRequest } from '../api/answers.ts';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';

interface DecisionFormProps {
  readonly request: ApprovalRequest;
  readonly onDecided: () => void;
}

/** A comment and two buttons. The decision holds for exactly the digest that is shown. */
export function DecisionForm({ request, onDecided }: DecisionFormProps) {
  const client = useClient();
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const { approvalId, subjectDigest } = request;
  const decide = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const comment = String(new FormData(event.currentTarget).get('comment'));
    const decision = (event.submitter as HTMLButtonElement).value as 'approved' | 'rejected';
    setSending(true);
    setFailure(undefined);
    try {
      await client.call('decideApproval', {
        params: { approvalId },
        body: { decision, comment, subjectDigest },
      });
      onDecided();
    } catch (error) {
      setFailure(error as Error);
    } finally {
      setSending(false);
    }
  };
  return (
    <form class="decision" onSubmit={decide}>
      <label>
        Comment
        <textarea
          name="comment"
          rows={2}
          required
          maxLength={4000}
          placeholder="Why: it stays in the audit log"
        />
      </label>
      <div class="buttons">
        <button type="submit" class="primary" value="approved" disabled={sending}>
          Approve
        </button>
        <button type="submit" class="danger" value="rejected" disabled={sending}>
          Reject
        </button>
      </div>
      {failure && <FailureNotice failure={failure} doing="Deciding" />}
    </form>
  );
}
