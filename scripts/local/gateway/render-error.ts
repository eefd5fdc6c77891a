import { AwsError, type AwsResponse, UnsupportedResource } from '../emulated-service.ts';
import type { HttpHead } from './http-request.ts';

/** How errors are written on the wire; follows from the service and the form of the request. */
export type WireProtocol = 'json' | 'rest-json' | 's3-xml' | 'query-xml';

/** Tells the protocol from the request itself: S3 and the query services by name, JSON by its target header. */
export function protocolOf(head: HttpHead, signingName: string): WireProtocol {
  if (signingName === 's3') return 's3-xml';
  if (head.headers['x-amz-target'] !== undefined) return 'json';
  const isForm = head.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (isForm || head.query.has('Action')) return 'query-xml';
  return 'rest-json';
}

/** Any error as an AwsError: what a service did not throw on purpose is InternalFailure, as AWS answers it. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof UnsupportedResource) return new AwsError('NotImplemented', error.message, 501);
  return new AwsError(
    'InternalFailure',
    'The request processing has failed because of an unknown error, exception or failure.',
    500,
  );
}

/** Renders an error in the protocol that the caller's SDK parses. */
export function renderError(head: HttpHead, signingName: string, error: AwsError): AwsResponse {
  const protocol = protocolOf(head, signingName);
  if (protocol === 's3-xml') return renderS3(head, error);
  if (protocol === 'query-xml') return renderQuery(head, error);
  const body = JSON.stringify({ __type: error.name, message: error.message, ...error.members });
  return {
    status: error.status,
    headers: {
      'content-type': protocol === 'json' ? jsonContentType(head) : 'application/json',
      'x-amzn-errortype': error.name,
    },
    body,
  };
}

/** `application/x-amz-json-1.0` or `1.1`, whichever the request speaks. */
export function jsonContentType(head: HttpHead): string {
  return head.headers['content-type']?.split(';')[0] ?? 'application/x-amz-json-1.1';
}

/** Escapes text for element content and attribute values. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

function renderS3(head: HttpHead, error: AwsError): AwsResponse {
  // A HEAD answer and 304 have no body by HTTP; the SDK then reads the status alone.
  if (head.method === 'HEAD' || error.status === 304) return { status: error.status };
  const members = Object.entries({ Resource: head.rawPath, ...error.members, RequestId: head.requestId })
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  const code = `<Code>${escapeXml(error.name)}</Code><Message>${escapeXml(error.message)}</Message>`;
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${code}${members}</Error>`,
  };
}

function renderQuery(head: HttpHead, error: AwsError): AwsResponse {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const inner = `<Type>${type}</Type><Code>${escapeXml(error.name)}</Code><Message>${escapeXml(error.message)}</Message>`;
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse><Error>${inner}</Error><RequestId>${head.requestId}</RequestId></ErrorResponse>`,
  };
}
