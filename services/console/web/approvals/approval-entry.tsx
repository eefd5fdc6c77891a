import type { ApprovalRequest } from '../api/answers.ts';
import { useNow } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { addressOf } from '../routes.ts';
import { distanceText, timeText } from '../text/format.ts';
import { DecisionForm } from './decision-form.tsx';
import { Evidence } from './evidence.tsx';

interface ApprovalEntryProps {
  readonly request: ApprovalRequest;
  readonly onDecided: () => void;
}

/** A request that waits: what it is about, what speaks for it, who may answer until when, and the answer. */
export function ApprovalEntry({ request, onDecided }: ApprovalEntryProps) {
  const { project, modelVersion, requestedBy, requestedAt, expiresAt, subjectDigest } = request;
  const nowMs = useNow(true);
  return (
    <article class="approval" aria-label={`Release of ${project} version ${modelVersion}`}>
      <h3>
        <a href={addressOf.project(project)}>{project}</a> version {modelVersion}
      </h3>
      <dl class="facts">
        <Fact name="Asked by">
          {requestedBy}, {distanceText(requestedAt, nowMs)}
        </Fact>
        <Fact name="Ends">
          <span title={timeText(expiresAt)}>{distanceText(expiresAt, nowMs)}</span>
        </Fact>
        <Fact name="Who decides">{decidersText(request)}</Fact>
        <Fact name="Digest">
          <Digest value={subjectDigest} />
        </Fact>
      </dl>
      <div class="sides">
        <Evidence request={request} />
        <DecisionForm request={request} onDecided={onDecided} />
      </div>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function decidersText({
  approvers,
  quorum,
  decisions,
  requesterMayApprove,
  requestedBy,
}: ApprovalRequest): string {
  const who = approvers.length > 0 ? approvers.join(', ') : 'anyone with the role approver';
  const given = decisions.filter(({ decision }) => decision === 'approved').length;
  const many = quorum > 1 ? `; ${given} of ${quorum} approvals given` : '';
  return `${who}${requesterMayApprove ? '' : `, but not ${requestedBy}`}${many}`;
}
