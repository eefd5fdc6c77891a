import { useState } from 'preact/hooks';
import type { ModelVersion } from '../api/answers.ts';
import { ApiFailure } from '../api/client.ts';
import type { AnswerOf } from '../api/operations.ts';
import { useClient } from '../api/use-api.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { PasteRow } from './paste-row.tsx';
import { type FieldTexts, instanceOf } from './pasted-row.ts';
import { PredictionAnswer } from './prediction-answer.tsx';
import { type ColumnRules, PredictionField } from './prediction-field.tsx';

interface PredictFormProps {
  readonly project: string;
  readonly columns: ColumnRules;
  readonly signature: ModelSignature;
  /** The feature service that the model pinned, where it uses one. */
  readonly service?: AnswerOf<'readFeatureService'>['featureService'];
}

export type ModelSignature = Extract<ModelVersion, { origin: 'training' }>['signature'];

/** A field per input, or a pasted row, and what the model says. Keys of entities come first, and stand for the features that are read by them. */
export function PredictForm({ project, columns, signature, service }: PredictFormProps) {
  const { target, featureService } = signature;
  const keys = service ? [...(featureService?.joinKeys ?? []), ...service.request] : [];
  const inputs = [...new Map([...keys, ...signature.inputs].map((input) => [input.name, input])).values()];
  const readable = new Set(
    [...(featureService?.joinKeys ?? []), ...(service?.outputs ?? [])].map(({ name }) => name),
  );
  const client = useClient();
  const [texts, setTexts] = useState<FieldTexts>({});
  const [answer, setAnswer] = useState<AnswerOf<'predict'>>();
  const [failure, setFailure] = useState<Error>();
  const [asking, setAsking] = useState(false);
  const ask = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setFailure(undefined);
    try {
      const body = { instances: [instanceOf(texts, inputs, readable)] };
      setAnswer(await client.call('predict', { params: { project }, body }));
    } catch (error) {
      setAnswer(undefined);
      setFailure(explained(error as Error));
    } finally {
      setAsking(false);
    }
  };
  return (
    <form class="predict" onSubmit={ask}>
      <PasteRow inputs={inputs} onRow={setTexts} />
      <div class="fields">
        {inputs.map((input) => (
          <PredictionField
            key={input.name}
            input={input}
            rule={columns[input.name]}
            text={texts[input.name] ?? ''}
            onText={(text) => setTexts({ ...texts, [input.name]: text })}
          />
        ))}
      </div>
      <div class="buttons">
        <button type="submit" class="primary" disabled={asking}>
          Predict {target}
        </button>
        <button type="button" onClick={() => setTexts({})}>
          Clear
        </button>
        <span class="muted">
          {service
            ? `Features left empty are read by ${(featureService?.joinKeys ?? []).map(({ name }) => name).join(', ')}.`
            : 'An empty field is a value that is not known.'}
        </span>
      </div>
      {failure && <FailureNotice failure={failure} doing="Predicting" />}
      {answer && <PredictionAnswer answer={answer} target={target} />}
    </form>
  );
}

/** Deployed, predictions have an API of their own, with keys and usage plans; the platform's API does not know them. */
function explained(failure: Error): Error {
  return failure instanceof ApiFailure && failure.status === 404 && failure.code === ''
    ? new Error('This platform takes predictions at another address. Ask there: npx millrace predict')
    : failure;
}
