import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KeptRun } from '../../scripts/check/kept-runs.ts';
import { botocoreData } from './parts/botocore.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { allRuns, anyRuns } from './parts/runs.ts';
import { checkRecordings, requestLines, summaryOf } from './service-models/recordings.ts';
import { sentOperations } from './service-models/sent-commands.ts';
import { readServiceModels } from './service-models/service-model.ts';

const models = await part(async () => readServiceModels(await botocoreData()));
const runs = await part(async () => {
  theValue(models);
  return anyRuns();
});
const full = await part(allRuns);
afterAll(() => {
  if (runs.missing === undefined) runs.value.drop();
});

describe.skipIf(runs.missing)(checkTitle('requests by service models', runs), () => {
  it('not one request is invalid, and none is unknown to its service', async ({ annotate }) => {
    const report = checkRecordings(theValue(models), theValue(runs).runs);
    expect(report.findings).toEqual([]);
    expect(report.requests).toBeGreaterThan(500);
    await annotate(summaryOf(report));
  });

  const neverSent = (of: readonly KeptRun[]) => {
    const { operations } = checkRecordings(theValue(models), of);
    const recorded = new Set([...operations.keys()].map((name) => name.split(' ').at(-1)));
    return sentOperations().filter((name) => !recorded.has(name));
  };

  it.skipIf(full.missing)('each operation that the code sends was sent', async ({ annotate }) => {
    expect(neverSent(theValue(full))).toEqual([]);
    await annotate(`all ${sentOperations().length} operations in the code were sent`);
  });

  it.skipIf(full.missing)('an operation that no run sends is found', () => {
    // Nobody needs a token on a laptop, so the demo issues none.
    const withoutTokens = theValue(full).filter(({ name }) => name === 'demo');
    expect(neverSent(withoutTokens)).toContain('CreateApiKey');
  });

  it('no recording holds a signature or a token', () => {
    const secret = /AWS4-HMAC-SHA256|X-Amz-Signature|X-Amz-Security-Token|\bmlr_[^_"]+_\w{20}/i;
    const found = theValue(runs).runs.flatMap((run) => requestLines(run).filter((line) => secret.test(line)));
    expect(found).toEqual([]);
  });

  it('a broken copy of a recorded request is found among all of them', () => {
    const line = theValue(runs)
      .runs.flatMap(requestLines)
      .find((one) => one.includes('"SageMaker.CreateTrainingJob"'))!;
    const request = JSON.parse(line);
    delete request.body.OutputDataConfig;
    const dir = mkdtempSync(path.join(tmpdir(), 'millrace-broken-run-'));
    writeFileSync(path.join(dir, 'requests.jsonl'), `${JSON.stringify(request)}\n`);
    try {
      const { findings } = checkRecordings(theValue(models), [
        ...theValue(runs).runs,
        { name: 'broken', templates: 'local', dir },
      ]);
      expect(findings).toEqual([
        expect.stringMatching(/^SageMaker CreateTrainingJob OutputDataConfig is required and missing; by /),
      ]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
