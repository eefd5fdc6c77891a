import * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import { matchesPattern } from './pattern.ts';
import { readPattern, readTargets, readTrigger } from './rule-input.ts';
import type { Bus, Rule, RuleStore } from './rule-store.ts';

/** One operation on buses and rules. */
export interface RuleOperation {
  /** ARN that the caller needs the action `events:<operation>` on. */
  resource(body: unknown, rules: RuleStore): string;
  handle(body: unknown, rules: RuleStore, nowMs: number): Record<string, unknown>;
}

const onRule = z.looseObject({ Name: z.string(), EventBusName: z.string().optional() });
const onRuleTargets = z.looseObject({ Rule: z.string(), EventBusName: z.string().optional() });
const onBus = z.looseObject({ EventBusName: z.string().optional(), NamePrefix: z.string().optional() });

function operation<T>(
  schema: z.ZodType<T>,
  resource: (input: T, rules: RuleStore) => string,
  handle: (input: T, rules: RuleStore, nowMs: number) => Record<string, unknown>,
): RuleOperation {
  const read = (body: unknown): T => {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  };
  return {
    resource: (body, rules) => resource(read(body), rules),
    handle: (body, rules, nowMs) => handle(read(body), rules, nowMs),
  };
}

const ruleArn = (
  { Name, EventBusName }: { Name: string; EventBusName?: string | undefined },
  rules: RuleStore,
) => rules.ruleArn(rules.busName(EventBusName), Name);

function switchRule(isEnabled: boolean): RuleOperation {
  return operation(onRule, ruleArn, ({ Name, EventBusName }, rules) => {
    rules.put({ ...rules.rule(EventBusName, Name), isEnabled });
    return {};
  });
}

const putRule = operation(
  onRule.extend({
    Description: z.string().optional(),
    EventPattern: z.string().optional(),
    ScheduleExpression: z.string().optional(),
    State: z.string().optional(),
    RoleArn: z.string().optional(),
  }),
  ruleArn,
  (input, rules, nowMs) => {
    const { name: busName } = rules.bus(input.EventBusName);
    const arn = rules.ruleArn(busName, input.Name);
    const before = rules.find(arn);
    rules.put({
      arn,
      name: input.Name,
      busName,
      description: input.Description,
      ...readTrigger(input.EventPattern, input.ScheduleExpression, busName),
      isEnabled: input.State !== 'DISABLED',
      roleArn: input.RoleArn,
      targets: before?.targets ?? [],
      declared: before?.declared,
      createdMs: before?.createdMs ?? nowMs,
    });
    return { RuleArn: arn };
  },
);

const changeTargets = (
  change: (rule: Rule, input: { Targets?: unknown; Ids?: string[] | undefined }) => Rule['targets'],
) =>
  operation(
    onRuleTargets.extend({ Targets: z.unknown(), Ids: z.array(z.string()).optional() }),
    ({ Rule: Name, EventBusName }, rules) => ruleArn({ Name, EventBusName }, rules),
    (input, rules) => {
      const rule = rules.rule(input.EventBusName, input.Rule);
      rules.put({ ...rule, targets: change(rule, input) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
  );

/** The operations on buses and rules, by name. */
export const ruleOperations: Readonly<Record<string, RuleOperation>> = {
  PutRule: putRule,
  EnableRule: switchRule(true),
  DisableRule: switchRule(false),
  DescribeRule: operation(onRule, ruleArn, ({ Name, EventBusName }, rules) =>
    describe(rules.rule(EventBusName, Name)),
  ),
  DeleteRule: operation(onRule, ruleArn, ({ Name, EventBusName }, rules) => {
    const rule = rules.find(ruleArn({ Name, EventBusName }, rules));
    if (rule !== undefined && rule.targets.length > 0) {
      throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
    }
    if (rule !== undefined) rules.remove(rule.arn);
    return {};
  }),
  PutTargets: changeTargets((rule, { Targets }) => {
    const added = readTargets(Targets);
    const kept = rule.targets.filter(({ Id }) => added.every((one) => one.Id !== Id));
    return readTargets([...kept, ...added]);
  }),
  RemoveTargets: changeTargets((rule, { Ids = [] }) => rule.targets.filter(({ Id }) => !Ids.includes(Id))),
  ListTargetsByRule: operation(
    onRuleTargets,
    ({ Rule: Name, EventBusName }, rules) => ruleArn({ Name, EventBusName }, rules),
    ({ Rule: Name, EventBusName }, rules) => ({ Targets: rules.rule(EventBusName, Name).targets }),
  ),
  ListRules: operation(
    onBus,
    () => '*',
    ({ EventBusName, NamePrefix = '' }, rules) => {
      const listed = rules
        .rules(rules.bus(EventBusName).name)
        .filter(({ name }) => name.startsWith(NamePrefix));
      return { Rules: listed.map(describe) };
    },
  ),
  ListEventBuses: operation(
    onBus,
    () => '*',
    ({ NamePrefix = '' }, rules) => ({
      EventBuses: rules
        .buses()
        .filter(({ name }) => name.startsWith(NamePrefix))
        .map(describeBus),
    }),
  ),
  DescribeEventBus: operation(
    z.looseObject({ Name: z.string().optional() }),
    ({ Name }, rules) => rules.busArn(rules.busName(Name)),
    ({ Name }, rules) => describeBus(rules.bus(Name)),
  ),
  TestEventPattern: operation(
    z.looseObject({ EventPattern: z.string(), Event: z.string() }),
    () => '*',
    ({ EventPattern, Event }) => ({ Result: matchesPattern(readPattern(EventPattern), parseEvent(Event)) }),
  ),
};

function describe(rule: Rule): Record<string, unknown> {
  return {
    Name: rule.name,
    Arn: rule.arn,
    Description: rule.description,
    EventPattern: rule.pattern && JSON.stringify(rule.pattern),
    ScheduleExpression: rule.scheduleExpression,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    RoleArn: rule.roleArn,
    EventBusName: rule.busName,
  };
}

function describeBus({ name, arn, createdMs }: Bus): Record<string, unknown> {
  return { Name: name, Arn: arn, CreationTime: createdMs / 1000 };
}

function parseEvent(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid JSON.');
  }
}
