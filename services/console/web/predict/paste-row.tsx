import type { TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { type FieldTexts, fieldTextsOf, type Input } from './pasted-row.ts';

interface PasteRowProps {
  readonly inputs: readonly Input[];
  readonly onRow: (texts: FieldTexts) => void;
}

/** Fills all fields at once. */
export function PasteRow({ inputs, onRow }: PasteRowProps) {
  const [problem, setProblem] = useState('');
  const read = ({ currentTarget: { value } }: TargetedEvent<HTMLTextAreaElement>) => {
    setProblem('');
    if (value.trim() === '') return;
    try {
      onRow(fieldTextsOf(value, inputs));
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <label class="paste">
      Paste a row
      <textarea
        rows={2}
        spellcheck={false}
        placeholder="JSON object, CSV with its header, or values in the order below"
        onInput={read}
      />
      {problem && (
        <span class="problem" role="alert">
          {problem}
        </span>
      )}
    </label>
  );
}
