import type { RecordedRequest } from '../../../scripts/local/gateway/request-recorder.ts';
import { type Operation, type Protocol, type ServiceModel, shapeOf } from './service-model.ts';

/** The operation that a request asks for, how it is written, and the values of the labels in its path. */
export interface Match {
  readonly model: ServiceModel;
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds the operation: by the target of JSON protocols, the action of the query protocol, else by method, path and query. */
export function matchOperation(model: ServiceModel, request: RecordedRequest): Match | undefined {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) {
    const [prefix, name = ''] = target.split('.');
    const operation = prefix === model.metadata.targetPrefix ? model.operations[name] : undefined;
    return operation && { model, protocol: 'json', operation, labels: {} };
  }
  if (model.metadata.protocol === 'query') {
    const operation = model.operations[actionOf(request) ?? ''];
    return operation && { model, protocol: 'query', operation, labels: {} };
  }
  return matchRoute(model, request);
}

/** The action of a request in the query protocol: in its form, or in its query. */
export const actionOf = ({ body, query }: RecordedRequest): string | undefined =>
  (body as { Action?: string } | undefined)?.Action ?? query.find(([name]) => name === 'Action')?.[1];

/** Name of the operation, which S3's clients add to the query. */
export const operationHint = 'x-id';

function matchRoute(model: ServiceModel, request: RecordedRequest): Match | undefined {
  const { protocol } = model.metadata;
  if (protocol !== 'rest-json' && protocol !== 'rest-xml') return undefined;
  const hint = request.query.find(([name]) => name === operationHint)?.[1];
  const candidates = Object.values(model.operations).flatMap((operation) => {
    const labels = labelsOf(operation, request);
    return labels === undefined ? [] : [{ operation, labels, score: score(model, operation, request, hint) }];
  });
  const best = candidates.sort((a, b) => b.score - a.score)[0];
  return best && { model, protocol, operation: best.operation, labels: best.labels };
}

/**
 * Several operations share a method and a path: the one that the client names is meant, else the one most of whose required parameters
 * are there, none of them missing.
 */
function score(
  model: ServiceModel,
  operation: Operation,
  request: RecordedRequest,
  hint: string | undefined,
): number {
  if (operation.name === hint) return 1000;
  const { required = [], members = {} } = operation.input ? shapeOf(model, operation.input.shape) : {};
  const wanted = required.flatMap((name) => {
    const { location, locationName = name } = members[name]!;
    return location === 'querystring' || location === 'header' ? [{ location, locationName }] : [];
  });
  const isThere = ({ location, locationName }: (typeof wanted)[number]) =>
    location === 'header'
      ? request.headers[locationName.toLowerCase()] !== undefined
      : request.query.some(([name]) => name === locationName);
  if (!wanted.every(isThere)) return -1;
  return 2 * (wanted.length + literalQuery(operation).length) - (operation.deprecated ? 1 : 0);
}

/** Values of the labels, decoded; undefined when method, path or the literal part of the query differ. */
function labelsOf(operation: Operation, request: RecordedRequest): Record<string, string> | undefined {
  const { method, requestUri } = operation.http;
  if (method !== request.method) return undefined;
  const names: string[] = [];
  const expression = requestUri
    .split('?')[0]!
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const [, name, greedy] = /^\{([^+}]+)(\+?)\}$/.exec(part) ?? [];
      if (name === undefined) return part.replaceAll(/[.+*()[\]\\^$|?]/g, '\\$&');
      names.push(name);
      return greedy ? '(.+)' : '([^/]+)';
    })
    .join('');
  // A slash at the end says nothing: clients write `/bucket/` for `/bucket`.
  const found = new RegExp(`^${expression}/?$`).exec(request.path);
  const has = ([name, value]: readonly [string, string]) =>
    request.query.some(([one, other]) => one === name && other === value);
  if (found === null || !literalQuery(operation).every(has)) return undefined;
  return Object.fromEntries(names.map((name, i) => [name, decoded(found[i + 1]!)]));
}

/** What is not rightly percent-encoded stays as it is, for the pattern of the label to refuse. */
function decoded(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

/** The part of the query that belongs to the operation itself: `uploads`, `list-type=2`. */
export const literalQuery = ({ http }: Operation): [string, string][] => [
  ...new URLSearchParams(http.requestUri.split('?')[1] ?? ''),
];
