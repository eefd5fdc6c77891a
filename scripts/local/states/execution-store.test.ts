import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExecutionStore } from './execution-store.ts';

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const DAY_MS = 86_400_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-executions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(nowMs = 0): ExecutionStore {
  const store = new ExecutionStore(folder, 2);
  store.load(nowMs);
  return store;
}

function start(store: ExecutionStore, name: string, startDateMs: number) {
  const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`;
  return store.create({
    executionArn,
    name,
    stateMachineArn,
    roleArn: 'r',
    definitionId: 'd',
    input: '{}',
    startDateMs,
  });
}

function end(store: ExecutionStore, name: string, stopDateMs: number) {
  const execution = start(store, name, stopDateMs);
  execution.setOutcome({ status: 'SUCCEEDED', stopDateMs, output: '1', redriveCount: 0 });
  store.record(execution);
}

const names = (store: ExecutionStore) => store.list(stateMachineArn).map(({ name }) => name);

describe('ExecutionStore', () => {
  it('knows running and ended executions again after a restart, newest first', () => {
    const store = open();
    end(store, 'old', 1);
    start(store, 'new', 2);
    const reopened = open();
    expect(names(reopened)).toEqual(['new', 'old']);
    expect(reopened.running().map(({ header }) => header.name)).toEqual(['new']);
  });

  it('forgets ended executions that are too many or too old, never running ones', () => {
    const store = open();
    start(store, 'running', 0);
    for (const [index, name] of ['a', 'b', 'c'].entries()) end(store, name, index + 1);
    expect(names(open(10))).toEqual(['c', 'b', 'running']);
    expect(readdirSync(path.join(folder, 'executions', 'm'))).toHaveLength(3);
    expect(names(open(91 * DAY_MS))).toEqual(['running']);
  });

  it('holds an execution as ended that had ended when its index entry was lost', () => {
    const store = open();
    const execution = start(store, 'x', 1);
    execution.setOutcome({ status: 'FAILED', stopDateMs: 2, error: 'E', redriveCount: 0 });
    expect(open().list(stateMachineArn)).toMatchObject([{ name: 'x', status: 'FAILED' }]);
    expect(open().running()).toEqual([]);
  });
});
