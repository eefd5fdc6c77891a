import type { TargetedSubmitEvent } from 'preact';
import type { ApiFailure } from '../api/client.ts';
import type { Credentials } from '../api/credentials.ts';
import type { AnswerOf } from '../api/operations.ts';

export type Caller = AnswerOf<'readCaller'>;

interface IdentityProps {
  readonly caller: Caller;
  readonly credentials: Credentials;
  readonly onChange: (credentials: Credentials) => void;
}

/** Who one is: on a laptop anybody one likes, elsewhere whom the token names. */
export function IdentityMenu({ caller, credentials, onChange }: IdentityProps) {
  return (
    <details class="identity">
      <summary>
        {caller.id} <span class="muted stage">· {caller.stage}</span>
      </summary>
      {caller.stage === 'local' ? (
        <form onSubmit={submitting('actAs', (actAs) => onChange(actAs ? { actAs } : {}))}>
          <label>
            Act as
            <input name="actAs" value={credentials.actAs ?? ''} placeholder="local" autoComplete="off" />
          </label>
          <button type="submit">Change</button>
          <p class="muted">On a laptop nobody has to prove who they are; try two people here.</p>
        </form>
      ) : (
        <form onSubmit={submitting('token', () => onChange({}))}>
          <button type="submit">Forget the token</button>
        </form>
      )}
    </details>
  );
}

interface TokenFormProps {
  readonly refusal: ApiFailure;
  readonly onChange: (credentials: Credentials) => void;
  /** Absent where nothing can be seen without another token. */
  readonly onKeep: (() => void) | undefined;
}

/** Asks for a token, and says what was refused. */
export function TokenForm({ refusal, onChange, onKeep }: TokenFormProps) {
  return (
    <form class="panel token" onSubmit={submitting('token', (token) => onChange({ token }))}>
      <h2>{refusal.status === 401 ? 'This platform asks for a token' : 'This token is not enough'}</h2>
      <p class="muted">
        {refusal.code
          ? refusal.message
          : `The API answered '${refusal.message}'. An admin issues tokens with npx millrace tokens.`}
      </p>
      <label>
        API token
        <input name="token" type="password" required autoComplete="off" spellcheck={false} />
      </label>
      <div class="buttons">
        <button type="submit" class="primary">
          Use this token
        </button>
        {onKeep && (
          <button type="button" onClick={onKeep}>
            Keep the one I have
          </button>
        )}
      </div>
      <p class="muted">It is kept in this tab only, until the tab is closed.</p>
    </form>
  );
}

function submitting(field: string, use: (text: string) => void) {
  return (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    use(String(new FormData(event.currentTarget).get(field) ?? '').trim());
  };
}
