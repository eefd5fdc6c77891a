import type { Answer, Step } from './scenario.ts';

/** Members that differ from server to server: what is compared is that they are there, and their type. */
const volatile =
  /(^|_)(id|uuid|uri|location|time|time_ms|timestamp|timestamp_ms|token|digest)$|^(created|last_updated|updated)|^(source|user_id|created_by|last_updated_by|root_uri|url|presigned_url|run_name|profile|etag|records|duration)$/;

/** Lists whose order says nothing. */
const unordered = new Set(['tags', 'params', 'aliases', 'metrics', 'request_metadata', 'experiment_ids']);

/** An answer without what may differ, so that two servers' answers can be equal. */
export function comparable({ status, body }: Answer, step: Step): unknown {
  if (status >= 400)
    return { status: status >= 500 ? 'a client error' : status, errorCode: errorCodeOf(body) };
  return { status, body: withoutVolatile(body, '', step) };
}

/** A server error for a user's mistake is no model to follow: clients repeat it for minutes. Any client error is right then. */
export function expected(stock: Answer, ours: Answer, step: Step): unknown {
  if (stock.status < 500) return comparable(stock, step);
  return {
    status: ours.status >= 400 && ours.status < 500 ? ours.status : 'a client error',
    errorCode: errorCodeOf(ours.body),
  };
}

const errorCodeOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'error_code' in body ? body.error_code : 'no error_code';

function withoutVolatile(value: unknown, at: string, step: Step): unknown {
  if (step.ignore && at in step.ignore) return undefined;
  const name = at.split('.').at(-1) ?? '';
  if (Array.isArray(value)) {
    const all = value.map((one) => withoutVolatile(one, at, step));
    return unordered.has(name) ? all.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : all;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .map(([key, one]) => [key, withoutVolatile(one, at === '' ? key : `${at}.${key}`, step)] as const)
      .filter(([, one]) => !isEmpty(one));
    return Object.fromEntries(members.sort(([a], [b]) => a.localeCompare(b)));
  }
  return volatile.test(name) ? `<${typeof value}>` : value;
}

/** JSON of protocol buffers leaves out what is empty; servers differ in which they write all the same. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
