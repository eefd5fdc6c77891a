import type { Answer, Step } from './scenario.ts';

/** Members that differ from server to server: what is compared is that they are there, and their type. */
const volatile =
  /(^|_)(id|uuid|uri|location|time|time_ms|timestamp|timestamp_ms|token|digest)$|^(created|last_updated|updated)|^(source|user_id|created_by|last_updated_by|root_uri|url|presigned_url|run_name|profile|etag|records|duration)$/;

/** Lists whose order says nothing. */
const unordered = new Set([
  'tags',
  'params',
  'aliases',
  'metrics',
  'request_metadata',
  'experiment_ids',
  'latest_versions',
]);

/** Members that one server has and the other has no use for: workspaces are MLflow's, and who made a version is told by Millrace alone. */
const ofOneServer = /(^|\.)workspace$|(model_versions?|latest_versions)\.user_id$/;
/** Members that hold JSON as a text; spaces in it say nothing. */
const jsonTexts = /(^|\.)(dataset|datasets)\.(tags|schema|profile|source)$/;
/** Tags that hold places and ids. */
const placeTags = new Set(['mlflow.log-model.history', 'mlflow.artifactLocation']);
/** Names that servers make up. */
const madeUp = /^[a-z]+-[a-z]+-\d+$/;

/** An answer without what may differ, so that two servers' answers can be equal. */
export function comparable({ status, body }: Answer, step: Step): unknown {
  if (status >= 400)
    return { status: status >= 500 ? 'a client error' : status, errorCode: errorCodeOf(body) };
  const compared = withoutVolatile(body, '', step);
  return { status, body: isEmpty(compared) ? '' : compared };
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
  if ((step.ignore && at in step.ignore) || ofOneServer.test(at)) return undefined;
  const name = at.split('.').at(-1) ?? '';
  if (Array.isArray(value)) {
    const all = value.map((one) => withoutVolatile(one, at, step));
    return unordered.has(name) ? all.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : all;
  }
  if (typeof value === 'object' && value !== null) {
    const isPlace = 'key' in value && placeTags.has(String(value.key));
    const members = Object.entries(isPlace ? { key: value.key } : value)
      .map(([key, one]) => [key, withoutVolatile(one, at === '' ? key : `${at}.${key}`, step)] as const)
      .filter(([, one]) => !isEmpty(one));
    return Object.fromEntries(members.sort(([a], [b]) => a.localeCompare(b)));
  }
  if (volatile.test(name) || name === 'experiment_ids') return `<${typeof value}>`;
  if (typeof value !== 'string') return name === 'file_size' && value === 0 ? undefined : value;
  if (madeUp.test(value)) return '<made up>';
  return jsonTexts.test(at) ? withoutVolatile(JSON.parse(value), '', step) : value;
}

/** JSON of protocol buffers leaves out what is empty; servers differ in which they write all the same. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);
