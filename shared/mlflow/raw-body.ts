import { AppError } from '#shared/kernel/errors.ts';

interface RequestBody {
  readonly body?: string | undefined;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a decoder puts in place of bytes that are no UTF-8. */
const replacement = '\u{fffd}';

/**
 * The bytes of a request as its sender had them. API Gateway hands over bodies of text and JSON types as text, which changes bytes that are
 * no UTF-8. Almost always the length tells (a character that was cut to three of its four bytes is the one change that it does not); then
 * it throws BodyChanged rather than keep something else than was sent.
 */
export function rawBodyOf({ body = '', isBase64Encoded, headers }: RequestBody): Buffer {
  if (isBase64Encoded) return Buffer.from(body, 'base64');
  const bytes = Buffer.from(body, 'utf8');
  if (!body.includes(replacement) || String(bytes.byteLength) === headers['content-length']) return bytes;
  throw new AppError(
    'invalid_input',
    'BodyChanged',
    `The file came as '${headers['content-type'] ?? 'text'}' and is no text in UTF-8, so its bytes would change on the way: it was not kept. Set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=1 where the client runs, or give the file a name that is not of a text type.`,
  );
}
