export type FeatureValue = string | number | boolean | null;

export interface Input {
  readonly name: string;
  readonly type: string;
}

/** Texts of the form's fields by input; what was not given is absent. */
export type FieldTexts = Readonly<Record<string, string>>;

/**
 * Reads a pasted row: a JSON object, CSV with its header, or CSV values in the order of the inputs. Quoted CSV is not taken
 * apart; members that are no inputs (a key, the target) are left out. Throws an Error that says what was expected.
 */
export function fieldTextsOf(pasted: string, inputs: readonly Input[]): FieldTexts {
  const text = pasted.trim();
  if (text.startsWith('{')) return textsOfMembers(Object.entries(parseObject(text)), inputs);
  const [first = '', second] = text.split(/\r?\n/);
  const cells = cellsOf(first);
  if (second !== undefined) {
    const values = cellsOf(second);
    return textsOfMembers(
      cells.map((name, index) => [name, values[index]]),
      inputs,
    );
  }
  if (cells.length !== inputs.length) {
    throw new Error(
      `The row has ${cells.length} values, the model takes ${inputs.length}. Paste the header line too, or a JSON object.`,
    );
  }
  return textsOfMembers(
    cells.map((value, index) => [inputs[index]!.name, value]),
    inputs,
  );
}

const cellsOf = (line: string): string[] =>
  line.split(line.includes('\t') ? '\t' : ',').map((cell) => cell.trim());

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`This is not JSON: ${(error as Error).message}.`);
  }
}

function textsOfMembers(
  members: readonly (readonly [string, unknown])[],
  inputs: readonly Input[],
): FieldTexts {
  const names = new Set(inputs.map(({ name }) => name));
  const known = members.filter(([name, value]) => names.has(name) && value !== null && value !== undefined);
  if (known.length === 0) {
    throw new Error(
      `None of these is an input of the model. It takes ${inputs.map(({ name }) => name).join(', ')}.`,
    );
  }
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/**
 * The instance that the fields stand for: an empty field is a value that is not known (null), and is left out where `readable` says that the
 * platform reads it by an entity's key. Throws an Error that names the field.
 */
export function instanceOf(
  texts: FieldTexts,
  inputs: readonly Input[],
  readable: ReadonlySet<string> = new Set(),
): Record<string, FeatureValue> {
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const text = (texts[input.name] ?? '').trim();
      return text === '' && readable.has(input.name) ? [] : [[input.name, featureValueOf(text, input)]];
    }),
  );
}

function featureValueOf(text: string, { name, type }: Input): FeatureValue {
  if (text === '') return null;
  if (type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new Error(`${name} is '${text}'; true or false is expected.`);
  }
  if (type !== 'number' && type !== 'integer') return text;
  const value = Number(text);
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
    throw new Error(
      `${name} is '${text}'; ${type === 'integer' ? 'a whole number' : 'a number'} is expected.`,
    );
  }
  return value;
}
