import type { TargetedSubmitEvent } from 'preact';
import type { ApprovalRequest } from '../api/answers.ts';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { ReasonField } from '../parts/reason-field.tsx';
import { useSubmission } from '../parts/use-submission.ts';

interface DecisionFormProps {
  readonly request: ApprovalRequest;
  readonly onDecided: () => void;
}

/** A comment and two buttons. The decision holds for exactly the digest that is shown. */
export function DecisionForm({ request, onDecided }: DecisionFormProps) {
  const client = useClient();
  const { sending, failure, submit } = useSubmission();
  const { approvalId, subjectDigest } = request;
  const decide = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const comment = String(new FormData(event.currentTarget).get('comment'));
    const decision = (event.submitter as HTMLButtonElement).value as 'approved' | 'rejected';
    const body = { decision, comment, subjectDigest };
    if (await submit(() => client.call('decideApproval', { params: { approvalId }, body }))) onDecided();
  };
  return (
    <form class="decision" onSubmit={decide}>
      <ReasonField label="Comment" name="comment" maxLength={4000} />
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
