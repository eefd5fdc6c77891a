import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { artifactPath, uploadFile } from '../transfer/copy-artifacts.ts';
import type { Run } from '../transfer/messages.ts';
import type { Transfer } from '../transfer/transfer.ts';
import { experimentNamed, logContent } from '../transfer/write-run.ts';
import type { LoggedRun } from './logged-run.ts';

/** Imports runs that were not imported before; again after a break, it goes on where it stopped. */
export async function importRuns(
  transfer: Omit<Transfer, 'source'>,
  runs: readonly LoggedRun[],
  experiment: string | undefined,
): Promise<void> {
  for (const run of runs) await importRun(transfer, run, experiment ?? run.experiment);
}

async function importRun(
  transfer: Omit<Transfer, 'source'>,
  run: LoggedRun,
  experiment: string,
): Promise<void> {
  const { target, journal, report, progress } = transfer;
  if (journal.get(`${run.key} done`) !== undefined) {
    report.skipped += 1;
    return;
  }
  const experimentId = await journal.once(`experiment ${experiment}`, async () => {
    report.count('experiments');
    return experimentNamed(target, experiment);
  });
  const runId = await journal.once(run.key, async () => {
    const made = await target.send<{ run: Run }>('POST', 'runs/create', {
      experiment_id: experimentId,
      run_name: run.name,
      start_time: run.startTimeMs,
      tags: run.tags,
    });
    return made.run.info.run_id;
  });
  const points = await logContent(target, runId, { params: run.params, tags: [], metrics: run.metrics });
  await importFiles(transfer, run, runId);
  await target.send('POST', 'runs/update', {
    run_id: runId,
    status: run.status,
    ...(run.endTimeMs === undefined ? {} : { end_time: run.endTimeMs }),
  });
  report.count('runs');
  report.count('metricPoints', points);
  for (const { what, why } of run.leftBehind) report.leave(what, why);
  journal.note(`${run.key} done`, runId);
  progress(`✓ ${experiment} / ${run.name}: ${points} points, ${run.files.length} files`);
}

async function importFiles(
  { target, report }: Omit<Transfer, 'source'>,
  run: LoggedRun,
  runId: string,
): Promise<void> {
  if (run.files.length === 0) return;
  const created = await target.get<{ run: Run }>('runs/get', { run_id: runId });
  const root = artifactPath(created.run.info.artifact_uri);
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-import-'));
  try {
    for (const each of run.files) {
      const file = 'file' in each ? each.file : path.join(folder, 'content');
      if ('content' in each) await writeFile(file, each.content);
      await uploadFile(target, `${root}/${each.path}`, file);
      report.count('artifacts');
      report.count('artifactBytes', (await stat(file)).size);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
