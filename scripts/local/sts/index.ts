import { createHash } from 'node:crypto';
import { AwsError, type AwsRequest, type EmulatedService, type RuntimeContext } from '../emulated-service.ts';
import { escapeXml } from '../gateway/render-error.ts';

/** Emulates the one operation of STS that the platform and its tools use: GetCallerIdentity, which needs no permission. */
export function createSts(context: RuntimeContext): EmulatedService {
  return {
    name: 'sts',
    signingNames: ['sts'],
    resourceTypes: [],
    start: async () => undefined,
    provision: async (resource) => {
      throw new Error(`sts provisions nothing, got ${resource.type}`);
    },
    authorize: async () => [],
    handle: (request) => handle(context, request),
    stop: async () => undefined,
  };
}

/** The `Action` of the query or of the form in the body; empty where there is none. */
async function actionOf(request: AwsRequest): Promise<string> {
  const form = new URLSearchParams((await request.bytes()).toString());
  return request.query.get('Action') ?? form.get('Action') ?? '';
}

async function handle(context: RuntimeContext, request: AwsRequest) {
  const operation = await actionOf(request);
  if (operation !== 'GetCallerIdentity') {
    throw new AwsError(
      'NotImplemented',
      `STS ${operation} is not imitated by the laptop runtime; only GetCallerIdentity is.`,
      501,
    );
  }
  const { principal } = request;
  const arn =
    principal.kind === 'service' ? `arn:aws:iam::${context.accountId}:${principal.service}` : principal.arn;
  const userId = createHash('sha256').update(arn).digest('hex').slice(0, 20).toUpperCase();
  const result = `<Arn>${escapeXml(arn)}</Arn><UserId>${userId}</UserId><Account>${context.accountId}</Account>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">' +
      `<GetCallerIdentityResult>${result}</GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${request.requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  };
}
