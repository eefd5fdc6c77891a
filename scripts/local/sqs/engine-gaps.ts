import { AwsError } from '../emulated-service.ts';

type Members = Readonly<Record<string, unknown>>;
interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
}
interface Received {
  readonly MessageAttributes?: unknown;
  readonly MD5OfMessageAttributes?: unknown;
}

/** Handles that the engine gives out. */
const handlePattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const withHandle = new Set(['DeleteMessage', 'ChangeMessageVisibility']);

/** SQS takes a handle that has had its day, and refuses a text that is none; the engine takes both. Throws ReceiptHandleIsInvalid. */
export function checkHandle(operation: string, input: Members): void {
  const handle = input['ReceiptHandle'];
  if (!withHandle.has(operation) || handle === undefined || handlePattern.test(String(handle))) return;
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${String(handle)}" is not a valid receipt handle.`,
    404,
  );
}

/** The engine's answer as SQS would give it: entries with texts that are no handles failed, attributes only where they are asked for. */
export function correctAnswer(operation: string, input: Members, answer: Members): Members {
  if (operation === 'DeleteMessageBatch') return withInvalidFailed(input, answer);
  if (operation === 'ReceiveMessage' && !hasElements(input['MessageAttributeNames'])) {
    const messages = answer['Messages'] as readonly Received[] | undefined;
    return { ...answer, ...(messages && { Messages: messages.map(withoutAttributes) }) };
  }
  return answer;
}

function withInvalidFailed(input: Members, answer: Members): Members {
  const entries = (input['Entries'] ?? []) as readonly Entry[];
  const invalid = entries.filter(({ ReceiptHandle }) => !handlePattern.test(String(ReceiptHandle)));
  const failed = invalid.map(({ Id }) => ({
    Id,
    SenderFault: true,
    Code: 'ReceiptHandleIsInvalid',
    Message: 'The input receipt handle is invalid.',
  }));
  const successful = (answer['Successful'] ?? []) as readonly Entry[];
  return {
    Successful: successful.filter(({ Id }) => invalid.every((entry) => entry.Id !== Id)),
    Failed: [...((answer['Failed'] ?? []) as readonly unknown[]), ...failed],
  };
}

const hasElements = (value: unknown) => Array.isArray(value) && value.length > 0;

function withoutAttributes(message: Received): Received {
  const { MessageAttributes: _attributes, MD5OfMessageAttributes: _md5, ...rest } = message;
  return rest;
}

/** Errors that keep the old protocol's prefix in their code, by the service model; the engine puts it before every code. */
const prefixed = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'NonExistentQueue',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

/** Corrects `x-amzn-query-error: <code>;<Sender or Receiver>`, from which SDKs take the name of an error. */
export function correctQueryError(header: string): string {
  const bare = header.replace(/^AWS\.SimpleQueueService\./, '');
  return prefixed.has(bare.split(';')[0] ?? '') ? header : bare;
}
