import type { CreateTransformJobInput } from '../api/transform-inputs.ts';
import { validationError } from '../api/validation.ts';
import { JobFailure } from './channel-download.ts';
import { compileColumnPath, splitCsvRecord } from './json-path.ts';

const MEBIBYTE = 1024 * 1024;
const DEFAULT_PAYLOAD_MEBIBYTES = 6;

/** How a transform job cuts its input into requests and puts the answers together. */
export interface TransformPlan {
  /** Payloads of one input object, in order; each with the records that it carries when the input is split. */
  requests(object: Buffer): Iterable<{ payload: Buffer; records: readonly string[] }>;
  /** What is written for the answer to a request. */
  assemble(answer: Buffer, records: readonly string[]): Buffer;
}

/**
 * Plans a job from its request.
 * @throws AwsError ValidationException for combinations that the service or the laptop runtime refuses.
 */
export function planTransform(input: CreateTransformJobInput): TransformPlan {
  const split = input.TransformInput.SplitType === 'Line';
  const { InputFilter = '$', OutputFilter = '$', JoinSource = 'None' } = input.DataProcessing ?? {};
  const join = JoinSource === 'Input';
  const filtersInput = InputFilter !== '$';
  const filtersOutput = OutputFilter !== '$';
  const inputColumns = compileColumnPath(InputFilter, 'DataProcessing.InputFilter');
  const outputColumns = compileColumnPath(OutputFilter, 'DataProcessing.OutputFilter');
  if (join || filtersInput || filtersOutput) assertProcessable(input, join);
  const maxBytes = (input.MaxPayloadInMB ?? DEFAULT_PAYLOAD_MEBIBYTES) * MEBIBYTE;
  const single = input.BatchStrategy === 'SingleRecord';
  const sent = (record: string): string =>
    filtersInput ? inputColumns(splitCsvRecord(record)).join(',') : record;
  const written = (record: string, answer: string): string => {
    const joined = join ? `${record},${answer}` : answer;
    return filtersOutput ? outputColumns(splitCsvRecord(joined)).join(',') : joined;
  };
  const endings = input.TransformOutput.AssembleWith === 'Line' ? '\n' : '';
  return {
    requests: (object) =>
      split ? batches(object, sent, maxBytes, single) : wholeObject(object, sent, filtersInput, maxBytes),
    assemble: (answer, records) => {
      if (!join && !filtersOutput) return withEnding(answer, endings);
      const answers = splitLines(answer.toString('utf8'));
      if (answers.length !== records.length)
        throw new JobFailure(
          `ClientError: The model answered ${answers.length} records to ${records.length}; they cannot be joined or filtered.`,
        );
      return Buffer.from(records.map((record, at) => `${written(record, answers[at] as string)}\n`).join(''));
    },
  };
}

function assertProcessable(input: CreateTransformJobInput, join: boolean): void {
  const type = (input.TransformInput.ContentType ?? '').split(';')[0]?.trim();
  if (type !== 'text/csv')
    throw validationError(
      `DataProcessing needs TransformInput.ContentType text/csv on the laptop runtime; it is '${type}'.`,
    );
  if (join && (input.TransformInput.SplitType !== 'Line' || input.TransformOutput.AssembleWith !== 'Line'))
    throw validationError(
      'DataProcessing.JoinSource Input needs TransformInput.SplitType Line and TransformOutput.AssembleWith Line.',
    );
}

function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function* wholeObject(
  object: Buffer,
  sent: (record: string) => string,
  filters: boolean,
  maxBytes: number,
): Iterable<{ payload: Buffer; records: readonly string[] }> {
  const records = filters ? splitLines(object.toString('utf8')) : [];
  const payload = filters ? Buffer.from(records.map((record) => `${sent(record)}\n`).join('')) : object;
  assertFits(payload.length, maxBytes);
  yield { payload, records };
}

function* batches(
  object: Buffer,
  sent: (record: string) => string,
  maxBytes: number,
  single: boolean,
): Iterable<{ payload: Buffer; records: readonly string[] }> {
  let records: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  for (const record of splitLines(object.toString('utf8'))) {
    const line = `${sent(record)}\n`;
    const lineBytes = Buffer.byteLength(line);
    assertFits(lineBytes, maxBytes);
    if (records.length > 0 && (single || bytes + lineBytes > maxBytes)) {
      yield { payload: Buffer.from(lines.join('')), records };
      [records, lines, bytes] = [[], [], 0];
    }
    records.push(record);
    lines.push(line);
    bytes += lineBytes;
  }
  if (records.length > 0) yield { payload: Buffer.from(lines.join('')), records };
}

function assertFits(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes)
    throw new JobFailure(
      `ClientError: Too much data for max payload size: ${bytes} bytes do not fit into ${maxBytes} bytes. Raise MaxPayloadInMB or set SplitType to Line.`,
    );
}

function withEnding(answer: Buffer, ending: string): Buffer {
  return ending === '' || answer.at(-1) === 0x0a ? answer : Buffer.concat([answer, Buffer.from(ending)]);
}
