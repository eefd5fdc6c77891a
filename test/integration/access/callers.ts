import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Role, roles } from '#shared/contracts/endpoint.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { tableName } from '#shared/kernel/names.ts';
import type { RunningPlatform } from '../running-platform.ts';

/** A role for a project, or for all (`*`), as a token grants it. */
export interface Grant {
  readonly project: string;
  readonly role: Role;
}

/** Somebody who calls: what they send, and what they are entitled to; without `grants` nobody may let them in. */
export interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly grants?: readonly Grant[];
}

type IssuedToken = { readonly token: string; readonly tokenId: string };

/** Every kind of caller that the platform knows: another way to sign in is another caller in this list. */
export async function everyCaller(
  platform: RunningPlatform,
  stage: string,
  { own, other }: { own: string; other: string },
): Promise<Caller[]> {
  const first = (await platform.invoke('identity', 'task-issue-first-token', {})) as IssuedToken;
  const platformUrl = platform.runtime.endpoints.platformUrl;
  const asFirst = { authorization: `Bearer ${first.token}` };
  const issue = async (name: string, grants: readonly Grant[]): Promise<IssuedToken> => {
    const body = JSON.stringify({ name, grants });
    const answer = await fetch(`${platformUrl}/v1/tokens`, { method: 'POST', headers: asFirst, body });
    if (answer.status !== 201) throw new Error(`No token for ${name}: ${await answer.text()}`);
    return (await answer.json()) as IssuedToken;
  };
  const holder = async (name: string, ...grants: Grant[]): Promise<Caller> => {
    const { token } = await issue(name.replaceAll(' ', '-'), grants);
    return { name, grants, headers: { authorization: `Bearer ${token}` } };
  };
  const all: Grant = { project: '*', role: 'admin' };
  const [revoked, expired] = [await issue('revoked', [all]), await issue('expired', [all])];
  await fetch(`${platformUrl}/v1/tokens/${revoked.tokenId}`, { method: 'DELETE', headers: asFirst });
  await letExpire(platform, stage, expired);

  const holders = [own, other, '*'].flatMap((project) =>
    roles.map((role) => holder(`${role} of ${project === '*' ? 'all' : project}`, { project, role })),
  );
  return [
    ...strangers(first.token, revoked.token, expired.token),
    ...(await Promise.all(holders)),
    {
      name: 'admin of all by password',
      grants: [all],
      headers: { authorization: basic(`any:${first.token}`) },
    },
    await holder(
      `client of ${own} and admin of ${other}`,
      { project: own, role: 'client' },
      { project: other, role: 'admin' },
    ),
  ];
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** Whoever is to be let in nowhere, with what they send. */
function strangers(good: string, revoked: string, expired: string): Caller[] {
  const sent: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    nobody: {},
    'nobody by the name of an admin': { 'x-millrace-as': 'first-admin' },
    'a token as user name': { authorization: basic(`${good}:`) },
    'a token in the place of a name and a password': { authorization: basic(good) },
    'a token behind a second colon': { authorization: basic(`admin:x:${good}`) },
    'a token without its scheme': { authorization: good },
    'a token in another header': { 'x-api-key': good },
    'the hash of a token': { authorization: `Bearer ${sha256Hex(good)}`, 'x-api-key': sha256Hex(good) },
    'a token cut off': { authorization: `Bearer ${good.slice(0, -1)}` },
    'a token never issued': { authorization: `Bearer mlr_${'0'.repeat(26)}_${'a'.repeat(43)}` },
    'a revoked token': { authorization: `Bearer ${revoked}` },
    'an expired token': { authorization: `Bearer ${expired}` },
  };
  return Object.entries(sent).map(([name, headers]) => ({ name, headers }));
}

/** Makes a token what it is when its time is over. */
async function letExpire(platform: RunningPlatform, stage: string, { token }: IssuedToken): Promise<void> {
  const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
  await new DynamoDBClient({ endpoint, region, credentials }).send(
    new UpdateItemCommand({
      TableName: tableName(stage, 'identity'),
      Key: { pk: { S: `TOKEN#${sha256Hex(token)}` }, sk: { S: 'TOKEN' } },
      UpdateExpression: 'SET validUntil = :past',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':past': { S: '2020-01-01T00:00:00.000Z' } },
    }),
  );
}
