import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { AnswerOf, BodyOf } from '../api/operations.ts';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ReasonField } from '../parts/reason-field.tsx';
import { useSubmission } from '../parts/use-submission.ts';
import { addressOf, goTo } from '../routes.ts';

interface SuggestionFormProps {
  readonly project: string;
  readonly found: AnswerOf<'readContractSuggestion'>;
}

/** Approves the contract as it stands in the field, or refuses it. Both need a reason. */
export function SuggestionForm({ project, found }: SuggestionFormProps) {
  const client = useClient();
  const suggested = JSON.stringify(found.suggestion.contract, undefined, 2);
  const [text, setText] = useState(suggested);
  const { sending, failure, submit } = useSubmission();
  const decide = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const comment = String(new FormData(event.currentTarget).get('comment'));
    const decision = (event.submitter as HTMLButtonElement).value as 'approve' | 'refuse';
    const isDecided = await submit(async () =>
      client.call('decideContractSuggestion', {
        params: { project, suggestionId: found.suggestionId },
        body: { decision, comment, ...editedContract(decision, text, suggested) },
      }),
    );
    if (isDecided) goTo(addressOf.project(project, 'data'));
  };
  return (
    <Panel title="Decide">
      <form class="decision" onSubmit={decide}>
        <details>
          <summary>Edit the contract</summary>
          <label>
            Contract as JSON
            <textarea
              class="code"
              rows={24}
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <p class="muted">
            Every member is in the guide to data contracts. {text !== suggested && 'You changed it.'}
          </p>
        </details>
        <ReasonField label="Comment" name="comment" maxLength={1000} />
        <div class="buttons">
          <button type="submit" class="primary" value="approve" disabled={sending}>
            {text === suggested ? 'Approve' : 'Approve as edited'}
          </button>
          <button type="submit" class="danger" value="refuse" disabled={sending}>
            Refuse
          </button>
        </div>
        {failure && <FailureNotice failure={failure} doing="Deciding" />}
      </form>
    </Panel>
  );
}

/** The contract as it was edited; nothing where it was not, or is refused anyway. Throws where the text is no JSON. */
function editedContract(
  decision: 'approve' | 'refuse',
  text: string,
  suggested: string,
): Pick<BodyOf<'decideContractSuggestion'>, 'contract'> {
  if (decision === 'refuse' || text === suggested) return {};
  try {
    return { contract: JSON.parse(text) };
  } catch (cause) {
    throw new Error(
      `The edited contract is no JSON: ${(cause as Error).message}. Mend it, or take the edit back.`,
      { cause },
    );
  }
}
