import { type Clause, clausesOf } from './clauses.ts';
import { conditionOf } from './conditions.ts';
import { type FieldKind, fieldOf, type SearchableEntity, type SearchRecord } from './entity.ts';
import { readerOf, spanValue } from './values.ts';

/** A filter ready to be asked about records. */
export interface Filter {
  /** As it was sent, without blanks around it. */
  readonly text: string;
  /** What of a record it looks at: a caller need not read what it does not. */
  readonly uses: ReadonlySet<FieldKind>;
  readonly test: (record: SearchRecord) => boolean;
}

type Test = (record: SearchRecord) => boolean;

/** Tag of a registered model, and of its versions, that is a prompt. */
const promptTag = 'mlflow.prompt.is_prompt';

/**
 * Compiles a filter string of MLflow's search language: comparisons joined by AND. Nothing sent fits all, but prompts where the
 * entity hides them. Throws InvalidSearch, in the words of MLflow's server.
 */
export function parseFilter(entity: SearchableEntity, filter: string | undefined): Filter {
  const text = filter?.trim() ?? '';
  const compiled = clausesOf(text).map((clause) => compile(entity, clause));
  const hidesPrompts =
    entity.hidesPrompts === true && !compiled.some((each) => promptWish(each) === 'prompts');
  const wanted = hidesPrompts ? compiled.filter((each) => promptWish(each) === undefined) : compiled;
  const tests = [
    ...(hidesPrompts ? [isNoPrompt] : []),
    ...wanted.filter(({ field }) => field.kind !== 'span').map(testOf),
    ...spanTests(wanted),
  ];
  return {
    text,
    uses: new Set(wanted.map(({ field }) => field.kind)),
    test: (record) => tests.every((test) => test(record)),
  };
}

export const matches = (filter: Filter, record: SearchRecord): boolean => filter.test(record);

function compile(entity: SearchableEntity, clause: Clause) {
  const field = fieldOf(entity, clause.name.parts, 'filter');
  return { field, clause, condition: conditionOf(field, clause) };
}

type Compiled = ReturnType<typeof compile>;

/** One of several values that fits is enough; a key that is missing fits nothing but IS NULL. */
function testOf({ field, condition }: Compiled): Test {
  const read = readerOf(field);
  if (condition === 'missing') return (record) => read(record).length === 0;
  if (condition === 'present') return (record) => read(record).length > 0;
  return (record) => read(record).some(condition);
}

/** All that is asked of spans must hold on one of them. */
function spanTests(compiled: readonly Compiled[]): Test[] {
  const asked = compiled.flatMap(({ field, condition }) =>
    field.kind === 'span' && typeof condition === 'function' ? [{ key: field.key, condition }] : [],
  );
  if (asked.length === 0) return [];
  return [
    ({ spans = [] }) =>
      spans.some((span) =>
        asked.every(({ key, condition }) => {
          const value = spanValue(span, key);
          return value !== undefined && condition(value);
        }),
      ),
  ];
}

const readPromptTag = readerOf({ kind: 'tag', key: promptTag });
const isNoPrompt: Test = (record) => readPromptTag(record)[0] !== 'true';

/** Whether a comparison asks for prompts or for models: the latter have no such tag, so that it is not looked for on them. */
function promptWish({ field, clause }: Compiled): 'prompts' | 'models' | undefined {
  if (field.kind !== 'tag' || field.key !== promptTag || clause.value.kind !== 'string') return undefined;
  if (clause.operator !== '=' && clause.operator !== '!=') return undefined;
  return (clause.operator === '=') === (clause.value.value.toLowerCase() === 'true') ? 'prompts' : 'models';
}
