import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressesOf, type MlflowRoute } from '#shared/mlflow/route.ts';
import { allMlflowRoutes } from '../../scripts/generate/endpoints.ts';
import { type Caller, everyCaller } from './access/callers.ts';
import { mlflowQuestions } from './access/mlflow-messages.ts';
import { type AskAsAdmin, type MlflowThings, seedMlflow } from './access/mlflow-things.ts';
import { expectedMlflowVerdict, mlflowRoleByPolicy, mlflowVerdictOf } from './access/mlflow-verdicts.ts';
import type { Answer } from './access/verdicts.ts';
import { RunningPlatform } from './running-platform.ts';
import { assemblyOfStage } from './stage-assembly.ts';

/** Every route of MLflow's API on a deployed stage, tried by every kind of caller, as the contracts declare them: a new route is tried by itself. */
const stage = 'dev';
const own = 'orchard';
const other = 'quarry';
const routes = (await allMlflowRoutes()).map((route) => [route.name, route] as const);
const platform = new RunningPlatform({ stage, assemble: assemblyOfStage(stage) });

let callers: readonly Caller[];
let things: { readonly own: MlflowThings; readonly other: MlflowThings };
beforeAll(async () => {
  await platform.start();
  callers = await everyCaller(platform, stage, { own, other });
  things = { own: await seedMlflow(asAdmin, own), other: await seedMlflow(asAdmin, other) };
});
afterAll(() => platform.close());

const callerNamed = (name: string): Caller => callers.find((caller) => caller.name === name)!;

/** Sends a request; one that is told to come later, since the stage has its throttles, does. */
async function send(path: string, init: RequestInit): Promise<Answer> {
  for (;;) {
    const answer = await fetch(`${platform.runtime.endpoints.platformUrl}${path}`, {
      ...init,
      redirect: 'manual',
    });
    const text = await answer.text();
    if (answer.status !== 429) return { status: answer.status, text };
    await sleep(Number(answer.headers.get('retry-after') ?? 1) * 1000);
  }
}

const asAdmin: AskAsAdmin = async (method, path, message, more = {}) => {
  const headers = { ...more, ...callerNamed('admin of all').headers };
  const body = message === undefined || typeof message === 'string' ? message : JSON.stringify(message);
  const { status, text } = await send(path, { method, headers, ...(body === undefined ? {} : { body }) });
  if (status >= 400) throw new Error(`${method} ${path} answers ${status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as Record<string, never>;
};

let asked = 0;

/** Asks a route as MLflow's clients do: parameters in the path, the rest in the query of GET and of bytes, else in the body. */
function ask(
  route: MlflowRoute,
  of: MlflowThings,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  asked += 1;
  const question = questionOf(route);
  const message = new Map(Object.entries(question.message(of, `asked-${asked}`)));
  const path = addressesOf(route)[0]!.replaceAll(/\{(\w+)(\+?)\}/g, (_all, name: string, isRest: string) => {
    const value = String(message.get(name));
    message.delete(name);
    return isRest ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
  const inQuery = route.method === 'GET' || route.rawBody;
  const query = inQuery
    ? `?${new URLSearchParams([...message].map(([name, value]) => [name, String(value)]))}`
    : '';
  const body = route.rawBody ? question.bytes : JSON.stringify(Object.fromEntries(message));
  return send(`${path}${query}`, {
    method: route.method,
    headers: { ...question.headers?.(of), ...headers },
    ...(route.method === 'GET' ? {} : { body: body! }),
  });
}

function questionOf({ name }: MlflowRoute) {
  const question = mlflowQuestions[name];
  if (question === undefined) throw new Error(`Seed a message for ${name} in access/mlflow-messages.ts.`);
  return question;
}

/** Callers who were taken otherwise than the route declares, with what they were answered. */
async function takenOtherwise(route: MlflowRoute): Promise<string[]> {
  const question = questionOf(route);
  const tried = callers.map(async (caller) => {
    const isAnew = question.anew && caller.grants;
    const of = isAnew ? { ...things.own, ...(await question.anew(asAdmin, things.own)) } : things.own;
    const answer = await ask(route, of, caller.headers);
    const expected = expectedMlflowVerdict(route, own, caller);
    const said = mlflowVerdictOf(question, of, answer);
    const isUndone = said === 'answered' && question.isDone && !(await question.isDone(asAdmin, of));
    const actual = isUndone ? 'refused' : said;
    const secret = caller.headers['authorization']?.split(' ').at(-1);
    if (secret !== undefined && answer.text.includes(secret))
      return [`${caller.name}: the answer says the token again`];
    return expected === actual
      ? []
      : [`${caller.name}: ${actual}, not ${expected}: ${answer.status} ${answer.text.slice(0, 200)}`];
  });
  return (await Promise.all(tried)).flat();
}

describe('a route of MLflow’s API', () => {
  it.each(routes)('%s asks for the role that the policy names', (_name, route) => {
    expect(route.role).toBe(mlflowRoleByPolicy(route));
  });

  it.each(routes)('%s takes every kind of caller as it declares', async (_name, route) => {
    expect(await takenOtherwise(route)).toEqual([]);
  });

  it('would be found out where it declared too much or too little', async () => {
    const [, search] = routes.find(([name]) => name === 'MlflowService.getRun')!;
    expect(await takenOtherwise({ ...search, role: 'client' })).toContainEqual(
      expect.stringMatching(/^client of orchard: refused, not answered/),
    );
    expect(await takenOtherwise({ ...search, role: 'scientist' })).toContainEqual(
      expect.stringMatching(/^viewer of orchard: answered, not refused/),
    );
  });

  it('has a question that is still asked', () => {
    const names = routes.map(([name]) => name);
    expect(Object.keys(mlflowQuestions).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('what another project has', () => {
  const reading = routes.filter(([, { role }]) => role === 'viewer');

  it.each(reading)('is there for %s', async (_name, route) => {
    const answer = await ask(route, things.other, callerNamed(`viewer of ${other}`).headers);
    expect([answer.text, mlflowVerdictOf(questionOf(route), things.other, answer)]).toEqual([
      answer.text,
      'answered',
    ]);
  });

  it.each(reading)('is in no answer of %s to this project', async (_name, route) => {
    for (const name of [`admin of ${own}`, `viewer of ${own}`, `client of ${own}`]) {
      const { text } = await ask(route, things.own, callerNamed(name).headers);
      expect(text).not.toContain(other);
    }
  });
});
