import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KeptRun } from '../../../scripts/check/kept-runs.ts';
import type { RecordedRequest } from '../../../scripts/local/gateway/request-recorder.ts';
import { checkRequest } from './request-check.ts';
import type { ServiceModels } from './service-model.ts';

/** What came out of the comparison of all requests of some runs. */
export interface RecordingsReport {
  readonly requests: number;
  /** Those that roles made: functions, and presigned addresses. The others are the tests' own. */
  readonly byRoles: number;
  /** `SageMaker CreateModel`, and how often. */
  readonly operations: ReadonlyMap<string, number>;
  /** One line for each kind of fault: operation, member, problem, how often, by which role. */
  readonly findings: readonly string[];
}

/** The lines of a run's recording, one a request. */
export function requestLines({ dir }: KeptRun): readonly string[] {
  const file = path.join(dir, 'requests.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Compares each request of the runs with the model of its service. */
export function checkRecordings(models: ServiceModels, runs: readonly KeptRun[]): RecordingsReport {
  const operations = new Map<string, number>();
  const findings = new Map<string, number>();
  let [requests, byRoles] = [0, 0];
  for (const line of runs.flatMap(requestLines)) {
    const request = JSON.parse(line) as RecordedRequest;
    const checked = checkRequest(models, request);
    requests += 1;
    if (request.role.startsWith('arn:')) byRoles += 1;
    if (checked.operation) count(operations, checked.operation);
    for (const { path: member, problem } of checked.findings) {
      const where = [checked.operation ?? checked.service, member.replaceAll(/\[\d+\]/g, '[]')];
      const role = request.role.slice(request.role.lastIndexOf('/') + 1);
      count(findings, `${where.filter(Boolean).join(' ')} ${problem}; by ${role}`);
    }
  }
  return {
    requests,
    byRoles,
    operations,
    findings: [...findings].map(([text, times]) => `${text} (${times}×)`),
  };
}

const count = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

/** `1101 requests (1095 by roles) of 24 operations of 7 services: DynamoDB 758, …`. */
export function summaryOf({ requests, byRoles, operations }: RecordingsReport): string {
  const services = new Map<string, number>();
  for (const [operation, times] of operations) {
    const service = operation.slice(0, operation.lastIndexOf(' '));
    services.set(service, (services.get(service) ?? 0) + times);
  }
  const shares = [...services].sort(([, a], [, b]) => b - a).map(([service, times]) => `${service} ${times}`);
  return `${requests} requests (${byRoles} by roles) of ${operations.size} operations of ${services.size} services: ${shares.join(', ')}`;
}
