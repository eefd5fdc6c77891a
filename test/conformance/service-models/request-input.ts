import type { RecordedRequest } from '../../../scripts/local/gateway/request-recorder.ts';
import { readForm } from './form-input.ts';
import { literalQuery, type Match, operationHint } from './operation-match.ts';
import { type ShapeReference, shapeOf } from './service-model.ts';
import { UnrecordedContent } from './shape-check.ts';
import { fromText } from './text-value.ts';
import { readXml } from './xml-input.ts';

/** How the client sends; said of no operation. */
const clientHeaders = new Set([
  'x-amz-decoded-content-length',
  'x-amz-target',
  'x-amz-trailer',
  'x-amzn-query-mode',
]);

/** The parameters of a request by the names of the input's members. What belongs to no member is there too, by its name on the wire. */
export function inputOf(match: Match, request: RecordedRequest): Record<string, unknown> {
  const { model, protocol, operation } = match;
  if (protocol === 'json') return asObject(request.body);
  if (protocol === 'query') {
    const form = { ...Object.fromEntries(request.query), ...asObject(request.body) } as Record<
      string,
      string
    >;
    return operation.input ? readForm(model, operation.input.shape, form) : {};
  }
  const members = Object.entries(
    operation.input ? (shapeOf(model, operation.input.shape).members ?? {}) : {},
  );
  const { headers, query } = hoistedApart(request);
  return {
    ...labelled(match, members),
    ...fromQuery(match, members, query),
    ...fromHeaders(match, members, headers),
    ...fromBody(match, members, request),
  };
}

type Members = readonly (readonly [string, ShapeReference])[];
type Pairs = readonly (readonly [string, string])[];

/** A presigned address carries in its query what would be headers. */
function hoistedApart({ headers, query }: RecordedRequest): { headers: Pairs; query: Pairs } {
  const isHoisted = ([name]: readonly [string, string]) => /^x-amz-/i.test(name);
  const hoisted = query.filter(isHoisted).map(([name, text]) => [name.toLowerCase(), text] as const);
  return { headers: [...Object.entries(headers), ...hoisted], query: query.filter((one) => !isHoisted(one)) };
}

function labelled({ model, labels }: Match, members: Members): Record<string, unknown> {
  const uri = members.filter(([, { location }]) => location === 'uri');
  return Object.fromEntries(
    uri.map(([name, { locationName = name, shape }]) => {
      const text = labels[locationName];
      return [name, text === undefined ? undefined : fromText(text, shapeOf(model, shape))];
    }),
  );
}

function fromQuery({ model, operation }: Match, members: Members, query: Pairs): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const literal = new Set([operationHint, ...literalQuery(operation).map(([name]) => name)]);
  const byWireName = new Map(
    members
      .filter(([, { location }]) => location === 'querystring')
      .map(([name, member]) => [member.locationName ?? name, { name, shape: shapeOf(model, member.shape) }]),
  );
  for (const [wireName, text] of query) {
    const known = byWireName.get(wireName);
    if (known === undefined) {
      if (!literal.has(wireName)) input[`?${wireName}`] = text;
    } else if (known.shape.type === 'list') {
      const entry = fromText(text, shapeOf(model, known.shape.member!.shape));
      input[known.name] = [...((input[known.name] as unknown[] | undefined) ?? []), entry];
    } else {
      input[known.name] = fromText(text, known.shape);
    }
  }
  return input;
}

/** Headers that are not AWS's own may be there without a member: they are HTTP's. */
function fromHeaders({ model }: Match, members: Members, headers: Pairs): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [header, text] of headers) {
    const exact = members.find(
      ([name, { location, locationName = name }]) =>
        location === 'header' && locationName.toLowerCase() === header,
    );
    const prefixed = members.find(
      ([, { location, locationName }]) =>
        location === 'headers' && header.startsWith((locationName ?? '').toLowerCase()),
    );
    if (exact) {
      input[exact[0]] = fromText(text, shapeOf(model, exact[1].shape));
    } else if (prefixed) {
      const [name, { locationName = '' }] = prefixed;
      input[name] = { ...(input[name] as object | undefined), [header.slice(locationName.length)]: text };
    } else if (/^x-amzn?-/.test(header) && !clientHeaders.has(header)) {
      input[header] = text;
    }
  }
  return input;
}

function fromBody({ model, operation }: Match, members: Members, request: RecordedRequest) {
  const payloadName = operation.input && shapeOf(model, operation.input.shape).payload;
  const payload = members.find(([name]) => name === payloadName)?.[1];
  if (payloadName === undefined || payload === undefined) {
    const inBody = new Map(
      members
        .filter(([, { location }]) => location === undefined)
        .map(([name, { locationName = name }]) => [locationName, name]),
    );
    const entries = Object.entries(asObject(request.body));
    return Object.fromEntries(entries.map(([wireName, one]) => [inBody.get(wireName) ?? wireName, one]));
  }
  if (shapeOf(model, payload.shape).type === 'blob') {
    const length = request.headers['content-length'];
    return { [payloadName]: new UnrecordedContent(length === undefined ? undefined : Number(length)) };
  }
  if (request.body === undefined) return {};
  const isXml = typeof request.body === 'string' && model.metadata.protocol === 'rest-xml';
  return { [payloadName]: isXml ? readXml(model, payload, request.body as string) : request.body };
}

/** No body is an empty object; what is none is shown as a member that no service knows. */
function asObject(body: unknown): Record<string, unknown> {
  if (body === undefined) return {};
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? (body as Record<string, unknown>) : { '(body)': body };
}
