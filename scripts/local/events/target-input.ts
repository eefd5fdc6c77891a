import { AwsError } from '../emulated-service.ts';

/** What a target gets of an event: at most one of the three; the whole event without any. */
export interface TargetInput {
  /** JSON text sent as it is. */
  readonly Input?: string | undefined;
  /** A part of the event, `$.detail.x`. */
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | {
        readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
        readonly InputTemplate: string;
      }
    | undefined;
}

/** The JSON text that a target gets. @throws AwsError InvalidTransformation when a template does not give JSON */
export function targetPayload(
  target: TargetInput,
  event: Readonly<Record<string, unknown>>,
  ruleArn: string,
): unknown {
  if (target.Input !== undefined) return JSON.parse(target.Input) as unknown;
  if (target.InputPath !== undefined) return valueAt(event, target.InputPath) ?? null;
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event, ruleArn);
  return event;
}

/** Checks that the path or template can be used at all. @throws AwsError ValidationException */
export function assertTargetInput(target: TargetInput): void {
  const given = [target.Input, target.InputPath, target.InputTransformer].filter(
    (value) => value !== undefined,
  );
  if (given.length > 1) throw invalid('only one of Input, InputPath and InputTransformer may be given');
  if (target.Input !== undefined) assertJson(target.Input);
  const paths = Object.values(target.InputTransformer?.InputPathsMap ?? {});
  for (const path of [...paths, ...(target.InputPath === undefined ? [] : [target.InputPath])])
    parsePath(path);
  const names = [...(target.InputTransformer?.InputTemplate ?? '').matchAll(PLACEHOLDER)].map(
    ([, name = '']) => name,
  );
  for (const name of names) {
    if (name.startsWith('aws.events.') || Object.hasOwn(target.InputTransformer?.InputPathsMap ?? {}, name))
      continue;
    throw invalid(`the placeholder <${name}> of the InputTemplate is not in InputPathsMap`);
  }
}

const PLACEHOLDER = /<([\w.-]+)>/g;

/**
 * Fills a template. Between quotation marks a placeholder becomes text (an object its JSON, escaped), elsewhere a JSON value. Where
 * the path finds nothing, the placeholder becomes the empty text in quotes and empty elsewhere, as AWS leaves it out.
 */
function transform(
  { InputPathsMap = {}, InputTemplate }: NonNullable<TargetInput['InputTransformer']>,
  event: Readonly<Record<string, unknown>>,
  ruleArn: string,
): unknown {
  const { detail: _detail, ...withoutDetail } = event;
  const values: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, valueAt(event, path)])),
    'aws.events.rule-arn': ruleArn,
    'aws.events.rule-name': ruleArn.split('/').at(-1),
    'aws.events.event.ingestion-time': event['time'],
    'aws.events.event': withoutDetail,
    'aws.events.event.json': event,
  };
  let isQuoted = false;
  const filled = InputTemplate.replace(/\\.|"|<([\w.-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    if (name === undefined || !Object.hasOwn(values, name)) return token;
    return isQuoted ? asText(values[name]) : asValue(values[name]);
  });
  try {
    return JSON.parse(filled) as unknown;
  } catch {
    throw new AwsError(
      'InvalidTransformation',
      `The InputTemplate gives no valid JSON: ${filled.slice(0, 500)}`,
    );
  }
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function asValue(value: unknown): string {
  return value === undefined ? '""' : JSON.stringify(value);
}

type Part = string | number;

/** Reads `$.a.b[0]` or `$['detail-type']`, the forms that EventBridge takes. */
function parsePath(path: string): Part[] {
  const parts: Part[] = [];
  const rest = path
    .replace(/^\$/, '')
    .replace(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/gy, (_part, name, index, quoted) => {
      parts.push(index === undefined ? String(name ?? quoted) : Number(index));
      return '';
    });
  if (!path.startsWith('$') || rest !== '') throw invalid(`${path} is no JSON path such as $.detail.name`);
  return parts;
}

function valueAt(event: unknown, path: string): unknown {
  let value = event;
  for (const part of parsePath(path)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? (value as Record<Part, unknown>)[part] : undefined;
  }
  return value;
}

function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw invalid(`the Input is no valid JSON: ${text.slice(0, 200)}`);
  }
}

function invalid(reason: string): AwsError {
  return new AwsError('ValidationException', `The input of a target is not valid: ${reason}`);
}
