import type { AnswerOf } from '../api/operations.ts';
import { Digest } from '../parts/digest.tsx';
import { figureText, percentText, wordsOf } from '../text/format.ts';

/** What the model said, how sure it was, and which one it was. */
export function PredictionAnswer({ answer, target }: { answer: AnswerOf<'predict'>; target: string }) {
  const prediction = answer.predictions[0]!;
  const { value, probabilities, inferenceId, features = {} } = prediction;
  const missing = Object.entries(features).map(
    ([view, status]) => `${view} (${status === 'EXPIRED' ? 'expired' : 'not found'})`,
  );
  return (
    <output class="answer">
      <p class="value">
        {wordsOf(target)}: <strong>{typeof value === 'number' ? figureText(value) : value}</strong>
      </p>
      {probabilities && (
        <ul class="probabilities">
          {Object.entries(probabilities).map(([label, probability]) => (
            <li key={label}>
              <span>{label}</span>
              <meter min={0} max={1} value={probability} aria-label={`Probability of ${label}`} />
              <span class="figure">{percentText(Math.round(probability * 1000) / 1000)}</span>
            </li>
          ))}
        </ul>
      )}
      {missing.length > 0 && <p class="problem">Without features of {missing.join(', ')}</p>}
      <p class="muted">
        {answer.model} version {answer.modelVersion}, artifact <Digest value={answer.artifactSha256} />,
        inference <code>{inferenceId}</code>
      </p>
    </output>
  );
}
