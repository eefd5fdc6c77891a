import {
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { type EventsSubject, freshSource, putEvents, ruleToQueue } from './subject.ts';

/** What a target gets for an event with a detail, by its transformer. */
async function transformed(subject: EventsSubject, target: object, detail: object): Promise<unknown> {
  const Source = freshSource();
  const rule = await ruleToQueue(subject, { source: [Source] }, target);
  await putEvents(subject, { Source, Detail: JSON.stringify(detail) });
  return (await rule.receive())[0];
}
const template = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) => ({
  InputTransformer: { InputTemplate, InputPathsMap },
});

/** What reaches targets, and what PutEvents answers. */
export const deliverySuite: WireSuite<EventsSubject> = {
  'delivers an event in its envelope': async (subject) => {
    const Source = freshSource();
    const rule = await ruleToQueue(subject, { source: [Source] });
    const Time = new Date('2026-11-21T07:00:00Z');
    const answer = await putEvents(subject, { Source, Detail: '{"a":1}', Resources: ['arn:x'], Time });
    expect(answer.FailedEntryCount).toBe(0);
    expect(await rule.receive()).toEqual([
      {
        version: '0',
        id: answer.Entries?.[0]?.EventId,
        'detail-type': 'Done.v1',
        source: Source,
        account: expect.stringMatching(/^\d{12}$/),
        time: '2026-11-21T07:00:00Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { a: 1 },
      },
    ]);
  },

  'delivers to each rule that matches, and to no other': async (subject) => {
    const Source = freshSource();
    const [one, two, other] = [
      await ruleToQueue(subject, { source: [Source] }),
      await ruleToQueue(subject, { source: [Source], detail: { n: [{ numeric: ['>', 1] }] } }),
      await ruleToQueue(subject, { source: [Source], detail: { n: [1] } }),
    ];
    await putEvents(subject, { Source, Detail: '{"n":2}' });
    expect([await one.receive(), await two.receive()].map((got) => got.length)).toEqual([1, 1]);
    expect(await other.receive()).toEqual([]);
  },

  'delivers nothing by a rule that is disabled': async (subject) => {
    const Source = freshSource();
    const { Name, receive } = await ruleToQueue(subject, { source: [Source] });
    await subject.client.send(new DisableRuleCommand({ Name, EventBusName: subject.bus }));
    await putEvents(subject, { Source });
    expect(await receive()).toEqual([]);
  },

  'delivers nothing of another bus': async (subject) => {
    const Source = freshSource();
    const { receive } = await ruleToQueue(subject, { source: [Source] });
    await putEvents(subject, { Source, EventBusName: 'default' });
    expect(await receive()).toEqual([]);
  },

  'gives a target a constant input': async (subject) => {
    expect(await transformed(subject, { Input: '{"a":[1]}' }, {})).toEqual({ a: [1] });
  },

  'gives a target a part of the event': async (subject) => {
    expect(await transformed(subject, { InputPath: '$.detail.a' }, { a: { b: 1 } })).toEqual({ b: 1 });
  },

  'fills a template with values': async (subject) => {
    const paths = { type: '$.detail-type', n: '$.detail.n', list: '$.detail.list', map: '$.detail.map' };
    const target = template('{"type": <type>, "n": <n>, "list": <list>, "map": <map>}', paths);
    const detail = { n: 3, list: [1, 'x'], map: { a: true } };
    expect(await transformed(subject, target, detail)).toEqual({ type: 'Done.v1', ...detail });
  },

  'fills placeholders between quotation marks with text': async (subject) => {
    const paths = { name: '$.detail.name', n: '$.detail.n' };
    const target = template('{"text": "<name> has <n> rows"}', paths);
    expect(await transformed(subject, target, { name: 'churn', n: 3 })).toEqual({ text: 'churn has 3 rows' });
  },

  'knows the variables of EventBridge': async (subject) => {
    const target = template(
      '{"rule": "<aws.events.rule-name>", "event": <aws.events.event>, "whole": <aws.events.event.json>}',
    );
    const filled = (await transformed(subject, target, { a: 1 })) as Record<'event' | 'whole', object>;
    expect(filled).toMatchObject({
      rule: expect.stringMatching(/^wire-/),
      event: { 'detail-type': 'Done.v1' },
      whole: { 'detail-type': 'Done.v1', detail: { a: 1 } },
    });
    expect(filled.event).not.toHaveProperty('detail');
  },

  'answers for each entry what is wrong with it': async (subject) => {
    const answer = await putEvents(
      subject,
      {},
      { Detail: '{' },
      { Source: '' },
      { DetailType: '' },
      { Source: 'aws.s3' },
    );
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
    ]);
    expect(answer.Entries?.[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
  },

  'delivers the entries that are right beside those that are wrong': async (subject) => {
    const Source = freshSource();
    const { receive } = await ruleToQueue(subject, { source: [Source] });
    await putEvents(subject, { Source, Detail: '{' }, { Source, Detail: '{"n":1}' });
    expect(await receive()).toMatchObject([{ detail: { n: 1 } }]);
  },

  'refuses more than ten entries and none': async (subject) => {
    const eleven = Array.from({ length: 11 }, () => ({}));
    await expect(putEvents(subject, ...eleven)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(putEvents(subject)).rejects.toMatchObject({ name: 'ValidationException' });
  },

  'takes an entry of more than 256 KB, and refuses more than a megabyte': async (subject) => {
    const entry = (kilobytes: number) => ({ Detail: JSON.stringify({ x: 'x'.repeat(kilobytes * 1024) }) });
    expect((await putEvents(subject, entry(300))).FailedEntryCount).toBe(0);
    await expect(putEvents(subject, entry(600), entry(600))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 400 },
    });
  },

  'describes rules and their targets': async (subject) => {
    const { client, bus: EventBusName } = subject;
    const { Name, queue, put } = await ruleToQueue(subject, { source: ['s'] });
    expect(put.FailedEntryCount).toBe(0);
    const described = await client.send(new DescribeRuleCommand({ Name, EventBusName }));
    expect(described).toMatchObject({ Name, EventBusName, State: 'ENABLED' });
    expect(JSON.parse(described.EventPattern ?? '')).toEqual({ source: ['s'] });
    const { Rules } = await client.send(new ListRulesCommand({ EventBusName, NamePrefix: Name }));
    expect(Rules?.map((rule) => rule.Name)).toEqual([Name]);
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
    expect(Targets).toMatchObject([{ Id: 'queue', Arn: queue.arn }]);
  },

  'refuses patterns and schedules that are wrong': async ({ client, bus: EventBusName }) => {
    const rule = (more: object) => client.send(new PutRuleCommand({ Name: 'wire-wrong', ...more }));
    await expect(rule({ EventBusName, EventPattern: '{"a":1}' })).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    });
    await expect(rule({ ScheduleExpression: 'rate(1 days)' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  },

  'says that a rule or a bus does not exist': async ({ client, bus: EventBusName }) => {
    const missing = { name: 'ResourceNotFoundException' };
    const describe = new DescribeRuleCommand({ Name: 'wire-none', EventBusName });
    await expect(client.send(describe)).rejects.toMatchObject(missing);
    const targets = new PutTargetsCommand({
      Rule: 'wire-none',
      EventBusName,
      Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }],
    });
    await expect(client.send(targets)).rejects.toMatchObject(missing);
    await expect(
      client.send(
        new PutRuleCommand({ Name: 'r', EventBusName: 'wire-none', EventPattern: '{"source":["s"]}' }),
      ),
    ).rejects.toMatchObject(missing);
  },
};
