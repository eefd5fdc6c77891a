import { existsSync } from 'node:fs';
import { writeFileAtomically } from '../durable/journal.ts';
import { readStateFile } from '../durable/state-file.ts';
import { AwsError } from '../emulated-service.ts';
import type { EventPattern } from './pattern.ts';
import type { TargetInput } from './target-input.ts';

/** A target as declared, in the words of the API. */
export interface RuleTarget extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string | undefined;
  readonly RetryPolicy?:
    | {
        readonly MaximumRetryAttempts?: number | undefined;
        readonly MaximumEventAgeInSeconds?: number | undefined;
      }
    | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
}

/** A rule of a bus. */
export interface Rule {
  readonly arn: string;
  readonly name: string;
  readonly busName: string;
  readonly description?: string | undefined;
  readonly pattern?: EventPattern | undefined;
  readonly scheduleExpression?: string | undefined;
  readonly isEnabled: boolean;
  readonly roleArn?: string | undefined;
  readonly targets: readonly RuleTarget[];
  /** What the template said; a declaration that is the same again leaves the rule as it was changed since. */
  readonly declared?: string | undefined;
  readonly createdMs: number;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
}

interface Content {
  readonly buses: readonly Bus[];
  readonly rules: readonly Rule[];
}

/** Buses and rules, kept in one file. */
export class RuleStore {
  readonly #file: string;
  readonly #arnPrefix: string;
  readonly #buses = new Map<string, Bus>();
  readonly #rules = new Map<string, Rule>();
  readonly #byBus = new Map<string, readonly Rule[]>();

  /** @param arnPrefix `arn:aws:events:<region>:<account>` */
  constructor(file: string, arnPrefix: string) {
    this.#file = file;
    this.#arnPrefix = arnPrefix;
  }

  load(nowMs: number): void {
    if (existsSync(this.#file)) {
      const content = readStateFile(this.#file) as Content;
      for (const bus of content.buses) this.#buses.set(bus.name, bus);
      for (const rule of content.rules) this.#rules.set(rule.arn, rule);
    }
    if (!this.#buses.has('default')) this.addBus('default', nowMs);
    this.#group();
  }

  /** The name of a bus given by name or ARN; the default bus when nothing is given. */
  busName(nameOrArn: string | undefined): string {
    return nameOrArn?.split('/').at(-1) ?? 'default';
  }
  busArn(name: string): string {
    return `${this.#arnPrefix}:event-bus/${name}`;
  }
  ruleArn(busName: string, name: string): string {
    return `${this.#arnPrefix}:rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
  }

  buses(): readonly Bus[] {
    return [...this.#buses.values()];
  }
  hasBus(name: string): boolean {
    return this.#buses.has(name);
  }
  /** @throws AwsError ResourceNotFoundException */
  bus(nameOrArn: string | undefined): Bus {
    const name = this.busName(nameOrArn);
    const bus = this.#buses.get(name);
    if (bus !== undefined) return bus;
    throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  }
  addBus(name: string, nowMs: number): Bus {
    const bus = this.#buses.get(name) ?? { name, arn: this.busArn(name), createdMs: nowMs };
    this.#buses.set(name, bus);
    this.#write();
    return bus;
  }
  removeBus(name: string): void {
    this.#buses.delete(name);
    this.#write();
  }

  /** All rules of a bus. */
  rules(busName: string): readonly Rule[] {
    return this.#byBus.get(busName) ?? [];
  }
  allRules(): readonly Rule[] {
    return [...this.#rules.values()];
  }
  find(ruleArn: string): Rule | undefined {
    return this.#rules.get(ruleArn);
  }
  /** @throws AwsError ResourceNotFoundException */
  rule(busNameOrArn: string | undefined, name: string): Rule {
    const { name: busName } = this.bus(busNameOrArn);
    const rule = this.#rules.get(this.ruleArn(busName, name));
    if (rule !== undefined) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${busName}.`);
  }
  put(rule: Rule): void {
    this.#rules.set(rule.arn, rule);
    this.#write();
  }
  remove(ruleArn: string): void {
    this.#rules.delete(ruleArn);
    this.#write();
  }

  #write(): void {
    this.#group();
    const content: Content = { buses: this.buses(), rules: this.allRules() };
    writeFileAtomically(this.#file, JSON.stringify(content, null, 2));
  }

  #group(): void {
    this.#byBus.clear();
    for (const [busName, rules] of Map.groupBy(this.#rules.values(), (rule) => rule.busName)) {
      this.#byBus.set(busName, rules);
    }
  }
}
