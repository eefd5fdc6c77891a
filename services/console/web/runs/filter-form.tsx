import type { TargetedSubmitEvent } from 'preact';
import { useId } from 'preact/hooks';
import { ApiFailure } from '../api/client.ts';

interface FilterFormProps {
  readonly filter: string;
  /** Why the server refused the filter. */
  readonly failure: Error | undefined;
  readonly onFilter: (filter: string) => void;
}

/** Whether the server says that the question was wrong, not that something broke. */
export const isRefusedQuestion = (failure: Error | undefined): failure is ApiFailure =>
  failure instanceof ApiFailure && failure.status === 400;

/** MLflow's grammar, checked by the server, which says what is wrong. */
export function FilterForm({ filter, failure, onFilter }: FilterFormProps) {
  const id = useId();
  const refused = isRefusedQuestion(failure);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onFilter(String(new FormData(event.currentTarget).get('filter') ?? '').trim());
  };
  return (
    <search>
      <form class="filter" onSubmit={submit}>
        <label>
          Filter
          <input
            key={filter}
            name="filter"
            defaultValue={filter}
            placeholder="metrics.accuracy > 0.9 and params.model = 'xgb'"
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            aria-invalid={refused}
            aria-describedby={refused ? id : undefined}
          />
        </label>
        <div class="buttons">
          <button type="submit" class="primary">
            Filter
          </button>
          {filter && (
            <button type="button" onClick={() => onFilter('')}>
              Clear
            </button>
          )}
        </div>
        {refused && (
          <p class="problem" id={id} role="alert">
            {failure.message}
          </p>
        )}
      </form>
    </search>
  );
}
