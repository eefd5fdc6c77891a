import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../durable/journal.ts';
import { readStateFile } from '../durable/state-file.ts';
import { AwsError } from '../emulated-service.ts';
import type { Machine } from './asl.ts';
import { describeIssues, validateDefinition } from './validate.ts';

/** A state machine as declared. */
export interface StateMachine {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definitionId: string;
  readonly creationDateMs: number;
}

/** The machines of the template, and every definition that an execution may still run. */
export class MachineStore {
  readonly #file: string;
  readonly #definitions: string;
  readonly #machines = new Map<string, StateMachine>();
  readonly #parsed = new Map<string, Machine>();

  constructor(folder: string) {
    this.#file = path.join(folder, 'machines.json');
    this.#definitions = path.join(folder, 'definitions');
    mkdirSync(this.#definitions, { recursive: true });
  }

  load(): void {
    if (!existsSync(this.#file)) return;
    const machines = readStateFile(this.#file) as StateMachine[];
    for (const machine of machines) this.#machines.set(machine.stateMachineArn, machine);
  }

  /** @throws AwsError StateMachineDoesNotExist */
  get(stateMachineArn: string): StateMachine {
    const machine = this.#machines.get(stateMachineArn);
    if (machine !== undefined) return machine;
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }

  list(): readonly StateMachine[] {
    return [...this.#machines.values()].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** Adds or changes a machine. @throws AwsError InvalidDefinition that names every fault */
  put(
    declared: Omit<StateMachine, 'definitionId' | 'creationDateMs'>,
    definition: string,
    nowMs: number,
  ): void {
    const definitionId = this.#keepDefinition(definition);
    const creationDateMs = this.#machines.get(declared.stateMachineArn)?.creationDateMs ?? nowMs;
    this.#machines.set(declared.stateMachineArn, { ...declared, definitionId, creationDateMs });
    this.#write();
  }

  remove(stateMachineArn: string): void {
    this.#machines.delete(stateMachineArn);
    this.#write();
  }

  /** The text of a definition. */
  definition(definitionId: string): string {
    return readFileSync(this.#definitionFile(definitionId), 'utf8');
  }

  /** The definition ready to run. */
  parsed(definitionId: string): Machine {
    let machine = this.#parsed.get(definitionId);
    if (machine === undefined) {
      machine = parse(this.definition(definitionId));
      this.#parsed.set(definitionId, machine);
    }
    return machine;
  }

  #keepDefinition(definition: string): string {
    const machine = parse(definition);
    const definitionId = createHash('sha256').update(definition).digest('hex').slice(0, 32);
    this.#parsed.set(definitionId, machine);
    const file = this.#definitionFile(definitionId);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== definition) writeFileAtomically(file, definition);
    return definitionId;
  }

  #definitionFile(definitionId: string): string {
    return path.join(this.#definitions, `${definitionId}.json`);
  }

  #write(): void {
    writeFileAtomically(this.#file, JSON.stringify([...this.#machines.values()], null, 2));
  }
}

function parse(definition: string): Machine {
  const validation = validateDefinition(definition);
  if (validation.ok) return validation.machine;
  throw new AwsError('InvalidDefinition', describeIssues(validation.issues));
}
