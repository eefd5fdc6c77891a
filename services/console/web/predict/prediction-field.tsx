import type { AnswerOf } from '../api/operations.ts';
import { wordsOf } from '../text/format.ts';
import type { Input } from './pasted-row.ts';

export type ColumnRules = AnswerOf<'readProject'>['definition']['data']['columns'];
type ColumnRule = ColumnRules[string];

interface PredictionFieldProps {
  readonly input: Input;
  /** What the project says of the column, if it names it. */
  readonly rule: ColumnRule | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** A field for one input: a choice where only some values are allowed. */
export function PredictionField({ input, rule, text, onText }: PredictionFieldProps) {
  const choices = input.type === 'boolean' ? ['true', 'false'] : rule?.allowed?.map(String);
  const id = `feature-${input.name}`;
  return (
    <div class="field" title={rule?.description ?? input.name}>
      <label for={id}>{wordsOf(input.name)}</label>
      {choices ? (
        <select id={id} value={text} onChange={(event) => onText(event.currentTarget.value)}>
          <option value="">not known</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          value={text}
          inputMode={input.type === 'number' || input.type === 'integer' ? 'decimal' : undefined}
          placeholder={rangeText(rule)}
          autoComplete="off"
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function rangeText(rule: ColumnRule | undefined): string {
  const { min, max } = rule ?? {};
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `from ${min}`;
  return max === undefined ? '' : `up to ${max}`;
}
