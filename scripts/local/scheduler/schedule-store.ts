import { existsSync } from 'node:fs';
import { writeFileAtomically } from '../durable/journal.ts';
import { readStateFile } from '../durable/state-file.ts';
import { AwsError } from '../emulated-service.ts';

/** What a schedule calls, in the words of the API. */
interface ScheduleTarget {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string | undefined;
  readonly RetryPolicy?:
    | {
        readonly MaximumRetryAttempts?: number | undefined;
        readonly MaximumEventAgeInSeconds?: number | undefined;
      }
    | undefined;
  readonly DeadLetterConfig?: { readonly Arn?: string | undefined } | undefined;
}

/** What a caller or the template says of a schedule. */
export interface ScheduleSettings {
  readonly expression: string;
  readonly timeZone: string;
  readonly flexibleTimeWindow: {
    readonly Mode: string;
    readonly MaximumWindowInMinutes?: number | undefined;
  };
  readonly isEnabled: boolean;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly target: ScheduleTarget;
  readonly isDeletedAfterCompletion: boolean;
  readonly description?: string | undefined;
}

export interface Schedule extends ScheduleSettings {
  readonly arn: string;
  readonly name: string;
  readonly groupName: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  /** The time that it was last invoked for. */
  readonly lastFiredMs?: number | undefined;
  /** What the template said; a declaration that is the same again changes nothing. */
  readonly declared?: string | undefined;
}

export interface ScheduleGroup {
  readonly arn: string;
  readonly name: string;
  readonly createdMs: number;
}

interface Content {
  readonly groups: readonly ScheduleGroup[];
  readonly schedules: readonly Schedule[];
}

/** Schedules and their groups, kept in one file. */
export class ScheduleStore {
  readonly #file: string;
  readonly #arnPrefix: string;
  readonly #groups = new Map<string, ScheduleGroup>();
  readonly #schedules = new Map<string, Schedule>();

  /** @param arnPrefix `arn:aws:scheduler:<region>:<account>` */
  constructor(file: string, arnPrefix: string) {
    this.#file = file;
    this.#arnPrefix = arnPrefix;
  }

  load(nowMs: number): void {
    if (existsSync(this.#file)) {
      const content = readStateFile(this.#file) as Content;
      for (const group of content.groups) this.#groups.set(group.name, group);
      for (const schedule of content.schedules) this.#schedules.set(schedule.arn, schedule);
    }
    if (!this.#groups.has('default')) this.addGroup('default', nowMs);
  }

  arn(groupName: string, name: string): string {
    return `${this.#arnPrefix}:schedule/${groupName}/${name}`;
  }
  groupArn(name: string): string {
    return `${this.#arnPrefix}:schedule-group/${name}`;
  }

  groups(): readonly ScheduleGroup[] {
    return [...this.#groups.values()];
  }
  hasGroup(name: string): boolean {
    return this.#groups.has(name);
  }
  /** @throws AwsError ResourceNotFoundException */
  group(name: string): ScheduleGroup {
    const group = this.#groups.get(name);
    if (group !== undefined) return group;
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  }
  addGroup(name: string, nowMs: number): ScheduleGroup {
    const group = this.#groups.get(name) ?? { arn: this.groupArn(name), name, createdMs: nowMs };
    this.#groups.set(name, group);
    this.#write();
    return group;
  }
  /** Removes a group with its schedules. @returns ARNs of the schedules */
  removeGroup(name: string): readonly string[] {
    const arns = this.schedules().filter(({ groupName }) => groupName === name);
    for (const { arn } of arns) this.#schedules.delete(arn);
    this.#groups.delete(name);
    this.#write();
    return arns.map(({ arn }) => arn);
  }

  schedules(): readonly Schedule[] {
    return [...this.#schedules.values()];
  }
  find(arn: string): Schedule | undefined {
    return this.#schedules.get(arn);
  }
  /** @throws AwsError ResourceNotFoundException */
  schedule(groupName: string, name: string): Schedule {
    const schedule = this.#schedules.get(this.arn(groupName, name));
    if (schedule !== undefined) return schedule;
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  }
  put(schedule: Schedule): void {
    this.#schedules.set(schedule.arn, schedule);
    this.#write();
  }
  remove(arn: string): void {
    this.#schedules.delete(arn);
    this.#write();
  }

  #write(): void {
    const content: Content = { groups: this.groups(), schedules: this.schedules() };
    writeFileAtomically(this.#file, JSON.stringify(content));
  }
}
