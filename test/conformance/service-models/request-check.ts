import type { RecordedRequest } from '../../../scripts/local/gateway/request-recorder.ts';
import { actionOf, type Match, matchOperation } from './operation-match.ts';
import { inputOf } from './request-input.ts';
import { type ServiceModels, shapeOf } from './service-model.ts';
import { checkShape, type Finding, type WireName } from './shape-check.ts';

/** What a request asks for and what is wrong with it. */
export interface CheckedRequest {
  /** `SageMaker CreateModel`; absent where no operation matches. */
  readonly operation?: string;
  readonly service: string;
  readonly findings: readonly Finding[];
}

/** Compares a recorded request with the model of its service. */
export function checkRequest(models: ServiceModels, request: RecordedRequest): CheckedRequest {
  const candidates = models.get(request.service) ?? [];
  const match = candidates.map((model) => matchOperation(model, request)).find((one) => one !== undefined);
  if (match === undefined) return { service: request.service, findings: [unmatched(request)] };
  const { serviceId } = match.model.metadata;
  return {
    service: serviceId,
    operation: `${serviceId} ${match.operation.name}`,
    findings: [...checkEnvelope(match, request), ...checkInput(match, request)],
  };
}

function unmatched({ service, method, path, headers, ...request }: RecordedRequest): Finding {
  const query = request.query.map((pair) => pair.join('=')).join('&');
  const asked =
    headers['x-amz-target'] ??
    actionOf({ service, method, path, headers, ...request }) ??
    `${method} ${path}${query && `?${query}`}`;
  return { path: '', problem: `${asked} is no operation of ${service}` };
}

const byModelName: WireName = (name) => name;
const byLocationName: WireName = (name, { locationName = name }) => locationName;

/** Where the model says that an operation has a checksum, its header is no member of the input (botocore, `httpChecksum`). */
function withoutChecksum(
  { operation }: Match,
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isChecksum = (name: string) =>
    operation.httpChecksum !== undefined && /^x-amz-checksum-(crc32c?|crc64nvme|sha1|sha256)$/.test(name);
  return Object.fromEntries(Object.entries(input).filter(([name]) => !isChecksum(name)));
}

/** Of REST services the input's own members are named by the model, what lies below as on the wire. */
function checkInput(match: Match, request: RecordedRequest): Finding[] {
  const { model, operation, protocol } = match;
  const input = withoutChecksum(match, inputOf(match, request));
  if (operation.input === undefined) {
    return Object.keys(input).map((path) => ({ path, problem: 'is no member that the service knows' }));
  }
  const shape = operation.input.shape;
  if (protocol === 'json') return checkShape(model, byModelName, shape, input, '');
  if (protocol === 'query') return checkShape(model, byLocationName, shape, input, '');
  const { members = {} } = shapeOf(model, shape);
  const ofInput: WireName = (name, member) =>
    members[name] === member ? name : byLocationName(name, member);
  return checkShape(model, ofInput, shape, input, '');
}

/** What goes around the parameters: the protocol's version, and the checksum where the service asks for one. */
function checkEnvelope({ model, operation, protocol }: Match, request: RecordedRequest): Finding[] {
  const { jsonVersion = '1.0', apiVersion, protocols } = model.metadata;
  const findings: Finding[] = [];
  const note = (problem: string) => findings.push({ path: '', problem });
  if (!protocols.includes(protocol))
    note(`is in the protocol ${protocol}; ${protocols.join(', ')} are spoken`);
  const contentType = request.headers['content-type'] ?? '';
  if (protocol === 'json' && contentType.split(';')[0] !== `application/x-amz-json-${jsonVersion}`) {
    note(`has the content type '${contentType}'; application/x-amz-json-${jsonVersion} is expected`);
  }
  const version =
    (request.body as { Version?: string } | undefined)?.Version ??
    request.query.find(([name]) => name === 'Version')?.[1];
  if (protocol === 'query' && version !== apiVersion)
    note(`is of version ${version}; ${apiVersion} is expected`);
  const hasChecksum = [
    ...Object.keys(request.headers),
    ...request.query.map(([name]) => name.toLowerCase()),
  ].some((name) => name === 'content-md5' || name.startsWith('x-amz-checksum-') || name === 'x-amz-trailer');
  if (operation.httpChecksum?.requestChecksumRequired && !hasChecksum) note('lacks the required checksum');
  return findings;
}
