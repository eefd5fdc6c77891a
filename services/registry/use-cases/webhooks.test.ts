import { describe, expect, it } from 'vitest';
import { samples } from '#events/samples.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { callerWith } from '#test/doubles/registry.ts';
import { namesOf, webhookEvents } from '../domain/webhook-events.ts';
import type { DeliveryOutcome, WebhookMessage } from '../ports/webhooks.ts';
import { createDeliveryLog, createWebhookStore } from '../store/webhook-store.ts';
import { deliverChange } from './deliver-change.ts';
import {
  createWebhook,
  deleteWebhook,
  listWebhooks,
  readWebhook,
  testWebhook,
  updateWebhook,
} from './manage-webhooks.ts';

const admin = callerWith('admin', '*');
const created = { entity: 'MODEL_VERSION', action: 'CREATED' };
const hook = { name: 'hook', url: 'https://receiver.example.org/hook', events: [created] };

function setUp() {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const sent: WebhookMessage[] = [];
  const answers: DeliveryOutcome[] = [];
  const reports: unknown[] = [];
  const pauses: number[] = [];
  const deps = {
    webhooks: createWebhookStore(table),
    deliveries: createDeliveryLog(table, clock),
    sender: {
      async send(message: WebhookMessage): Promise<DeliveryOutcome> {
        sent.push(message);
        return answers.shift() ?? { kind: 'answered', status: 200, body: 'ok' };
      },
    },
    clock,
    ids: sequentialIds('W'),
    plainHttp: false,
    pause: async (attempt: number) => {
      pauses.push(attempt);
    },
    report: (report: unknown) => {
      reports.push(report);
    },
  };
  return { table, deps, sent, answers, reports, pauses };
}

const delivered = ({ source, detailType, detail }: DomainEvent) => ({
  source,
  'detail-type': detailType,
  detail,
});
const sampleOf = (name: string) => samples.find(({ detailType }) => detailType === name)!;
const versionCreated = delivered(sampleOf('ModelVersionCreated.v1'));
const refused = (status: number): DeliveryOutcome => ({ kind: 'answered', status, body: '' });

describe('webhooks', () => {
  it('are for admins of all projects', async () => {
    const { deps } = setUp();
    for (const caller of [callerWith('admin', 'wine'), callerWith('approver', '*')]) {
      await expect(createWebhook(deps, caller, hook)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(listWebhooks(deps, caller)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(readWebhook(deps, caller, 'w0001')).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(deleteWebhook(deps, caller, 'w0001')).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(testWebhook(deps, caller, 'w0001', undefined)).rejects.toMatchObject({
        kind: 'forbidden',
      });
    }
  });

  it('are listed newest first, page by page, without their secrets', async () => {
    const { deps } = setUp();
    for (const name of ['a', 'b', 'c']) await createWebhook(deps, admin, { ...hook, name, secret: 's3cret' });
    const first = await listWebhooks(deps, admin, 2);
    const second = await listWebhooks(deps, admin, 2, first.nextPageToken);
    expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([['c', 'b'], ['a']]);
    expect(second.nextPageToken).toBeUndefined();
    expect(JSON.stringify([first, second])).not.toContain('s3cret');
    await expect(listWebhooks(deps, admin, 1001)).rejects.toThrow(/between 1 and 1000/);
    await expect(listWebhooks(deps, admin, 2, 'made-up')).rejects.toMatchObject({ code: 'InvalidPageToken' });
  });

  it('keep what an update does not name, the secret too', async () => {
    const { deps, sent } = setUp();
    const { webhookId } = await createWebhook(deps, admin, { ...hook, secret: 's3cret', description: 'd' });
    await updateWebhook(deps, admin, webhookId, { events: [], name: 'renamed' });
    expect(await readWebhook(deps, admin, webhookId)).toMatchObject({
      name: 'renamed',
      description: 'd',
      events: ['model_version.created'],
    });
    await testWebhook(deps, admin, webhookId, undefined);
    await updateWebhook(deps, admin, webhookId, { events: [], secret: '' });
    await testWebhook(deps, admin, webhookId, undefined);
    expect(sent.map(({ secret }) => secret)).toEqual(['s3cret', undefined]);
  });

  it('leave nothing behind when they are deleted', async () => {
    const { deps, table } = setUp();
    const { webhookId } = await createWebhook(deps, admin, { ...hook, secret: 's3cret' });
    await deleteWebhook(deps, admin, webhookId);
    expect(table.items()).toEqual([]);
    await expect(readWebhook(deps, admin, webhookId)).rejects.toThrow(
      `Webhook with ID ${webhookId} not found.`,
    );
  });

  it.each([
    [{ name: 'a b' }, /Webhook name 'a b' is invalid/],
    [{ name: 'n'.repeat(64) }, /is invalid/],
    [{ url: 'http://receiver.example.org' }, /scheme: 'http'. Allowed schemes are: https/],
    [{ url: 'file:///etc/passwd' }, /Allowed schemes are: https/],
    [{ url: 'receiver' }, /Write it as https/],
    [{ url: 'https://ann:pw@receiver.example.org' }, /user name or a password/],
    [{ url: `https://receiver.example.org/${'p'.repeat(500)}` }, /500 are allowed/],
    [{ events: [] }, /required parameter 'events'/],
    [{ events: [{ entity: 'MODEL_VERSION', action: 'DELETED' }] }, /Invalid webhook event/],
    [{ secret: 's'.repeat(1001) }, /1000 characters/],
  ])('with %j are refused', async (change, message) => {
    const { deps } = setUp();
    await expect(createWebhook(deps, admin, { ...hook, ...change })).rejects.toThrow(message);
  });
});

describe('a fact of the registry', () => {
  it('is delivered to the webhooks that asked for it, signed with their secrets', async () => {
    const { deps, sent } = setUp();
    await createWebhook(deps, admin, { ...hook, secret: 's3cret' });
    await createWebhook(deps, admin, { ...hook, name: 'other', events: [namesOf('prompt.created')] });
    await createWebhook(deps, admin, { ...hook, name: 'off', status: 'DISABLED' });
    await deliverChange(deps, versionCreated);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ url: hook.url, secret: 's3cret' });
    expect(JSON.parse(sent[0]!.body)).toMatchObject({
      entity: 'model_version',
      action: 'created',
      timestamp: sampleOf('ModelVersionCreated.v1').detail.metadata.occurredAt,
      data: { version: '4', tags: { team: 'lab' }, description: null },
    });
  });

  it('is delivered once however often it comes, and again where a receiver failed', async () => {
    const { deps, sent, answers } = setUp();
    await createWebhook(deps, admin, hook);
    answers.push(refused(503), { kind: 'unreachable', reason: 'gone' }, refused(429));
    await expect(deliverChange(deps, versionCreated)).rejects.toThrow(/did not take a delivery: hook/);
    await deliverChange(deps, versionCreated);
    await deliverChange(deps, versionCreated);
    expect(sent).toHaveLength(4);
    expect(new Set(sent.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(sent[0]?.deliveryId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is not pressed on a receiver that refused it or sends elsewhere', async () => {
    for (const status of [400, 404, 410, 301, 307]) {
      const { deps, sent, answers, pauses } = setUp();
      await createWebhook(deps, admin, hook);
      answers.push(refused(status));
      await deliverChange(deps, versionCreated);
      await deliverChange(deps, versionCreated);
      expect([sent.length, pauses]).toEqual([1, []]);
    }
  });

  it('reaches the others where one receiver fails', async () => {
    const { deps, sent } = setUp();
    const failing = { ...hook, name: 'failing', url: 'https://failing.example.org/' };
    for (const each of [failing, hook]) await createWebhook(deps, admin, each);
    const send = deps.sender.send;
    deps.sender.send = (message) =>
      message.url === failing.url ? Promise.resolve(refused(500)) : send(message);
    await expect(deliverChange(deps, versionCreated)).rejects.toThrow(/failing/);
    await expect(deliverChange(deps, versionCreated)).rejects.toThrow(/failing/);
    expect(sent.map(({ url }) => url)).toEqual([hook.url]);
  });

  it('says no secret to the operators', async () => {
    const { deps, reports } = setUp();
    await createWebhook(deps, admin, { ...hook, secret: 's3cret' });
    await deliverChange(deps, versionCreated);
    expect(reports).toHaveLength(1);
    expect(JSON.stringify(reports)).not.toContain('s3cret');
  });

  it('that MLflow does not tell is not delivered', async () => {
    const { deps, sent } = setUp();
    await createWebhook(deps, admin, { ...hook, events: Object.keys(webhookEvents).map(namesOf) });
    for (const name of ['ModelVersionQuarantined.v1', 'DeploymentStarted.v1', 'ModelVersionRegistered.v2'])
      await deliverChange(deps, delivered(sampleOf(name)));
    expect(sent).toEqual([]);
    for (const name of [
      'RegisteredModelChanged.v1',
      'ModelVersionChanged.v1',
      'PromptVersionCreated.v1',
      'ModelAliasMoved.v1',
      'ModelVersionRegistered.v1',
    ])
      await deliverChange(deps, delivered(sampleOf(name)));
    expect(
      sent.map(({ body }) => JSON.parse(body)).map(({ entity, action }) => `${entity}.${action}`),
    ).toEqual([
      'registered_model.created',
      'model_version_tag.set',
      'prompt_version.created',
      'model_version_alias.created',
      'model_version.created',
    ]);
  });
});
