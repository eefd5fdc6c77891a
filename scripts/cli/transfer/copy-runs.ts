import { copyArtifacts } from './copy-artifacts.ts';
import type { Journal } from './journal.ts';
import type { Experiment, KeyValue, Metric, Run } from './messages.ts';
import type { MlflowServer } from './mlflow-server.ts';
import { copiedFromTags, type Transfer, taggedCopy } from './transfer.ts';
import { experimentNamed, logContent } from './write-run.ts';

const runsPerPage = 200;
const pointsPerPage = 25_000;
/** Keys of the journal for tags that name a run that is not there yet. */
const waitingPrefix = 'waiting ';
/** Tags that name other runs, which have other ids at the target. */
const runTags = new Set(['mlflow.parentRunId', 'mlflow.rootRunId']);

/** Copies an experiment with its active runs; answers its id at the target. */
export async function copyExperiment(transfer: Transfer, experiment: Experiment): Promise<string> {
  const { source, target, journal, report } = transfer;
  const experimentId = await journal.once(`experiment ${experiment.experiment_id}`, async () => {
    report.count('experiments');
    return experimentNamed(target, experiment.name, taggedCopy(transfer, experiment.tags ?? []));
  });
  let count = 0;
  for await (const run of runsOf(source, experiment.experiment_id)) {
    await copyRun(transfer, experimentId, run);
    if (++count % 50 === 0) transfer.progress(`  ${experiment.name}: ${count} runs`);
  }
  await nameLaterRuns(transfer);
  transfer.progress(`✓ ${experiment.name}: ${count} runs`);
  return experimentId;
}

/** Oldest first, so that a run is there before its children. */
function runsOf(source: MlflowServer, experimentId: string): AsyncGenerator<Run> {
  return source.pages<Run>(async (pageToken) => {
    const page = await source.send<{ runs?: Run[]; next_page_token?: string }>('POST', 'runs/search', {
      experiment_ids: [experimentId],
      max_results: runsPerPage,
      order_by: ['attributes.start_time ASC'],
      ...(pageToken === undefined ? {} : { page_token: pageToken }),
    });
    return { items: page.runs ?? [], pageToken: page.next_page_token };
  });
}

/** A run is made first and filled then; filling it again after a break changes nothing that is there. */
async function copyRun(transfer: Transfer, experimentId: string, run: Run): Promise<void> {
  const { source, target, journal, report } = transfer;
  const { info, data } = run;
  if (journal.get(`run ${info.run_id} done`) !== undefined) {
    report.skipped += 1;
    return;
  }
  const runId = await journal.once(`run ${info.run_id}`, () => createRun(transfer, experimentId, run));
  const points = await logContent(target, runId, {
    params: data.params ?? [],
    tags: [],
    metrics: historiesOf(source, run),
  });
  if (run.inputs?.dataset_inputs?.length) {
    await target.send('POST', 'runs/log-inputs', { run_id: runId, datasets: run.inputs.dataset_inputs });
  }
  const created = await target.get<{ run: Run }>('runs/get', { run_id: runId });
  await copyArtifacts(transfer, {
    from: info.artifact_uri,
    to: created.run.info.artifact_uri,
    runId: info.run_id,
    owner: `run ${info.run_id}`,
  });
  await target.send('POST', 'runs/update', {
    run_id: runId,
    status: info.status,
    ...(info.end_time ? { end_time: info.end_time } : {}),
  });
  report.count('runs');
  report.count('metricPoints', points);
  journal.note(`run ${info.run_id} done`, runId);
}

async function createRun(
  { source, target, journal }: Transfer,
  experimentId: string,
  { info, data }: Run,
): Promise<string> {
  const { run } = await target.send<{ run: Run }>('POST', 'runs/create', {
    experiment_id: experimentId,
    user_id: info.user_id ?? '',
    start_time: info.start_time ?? 0,
    ...(info.run_name ? { run_name: info.run_name } : {}),
    tags: taggedCopy(
      { source },
      (data.tags ?? []).map((tag) => retargeted(tag, journal)),
      [{ key: copiedFromTags.run, value: info.run_id }],
    ),
  });
  const runId = run.info.run_id;
  for (const { key, value = '' } of data.tags ?? []) {
    if (runTags.has(key) && !journal.get(`run ${value}`))
      journal.note(`${waitingPrefix}${runId} ${key}`, value);
  }
  return runId;
}

/** A tag that names a run, with the run's id at the target. */
function retargeted(tag: KeyValue, journal: Journal): KeyValue {
  if (!runTags.has(tag.key)) return tag;
  return { key: tag.key, value: journal.get(`run ${tag.value}`) ?? tag.value ?? '' };
}

/** Runs that began in the same millisecond as their parent may come before it: the tag is set again when both are there. */
async function nameLaterRuns({ target, journal }: Transfer): Promise<void> {
  for (const [key, source] of journal.below(waitingPrefix)) {
    const named = journal.get(`run ${source}`);
    if (named === undefined || journal.get(`set ${key}`) !== undefined) continue;
    const [runId = '', tag = ''] = key.slice(waitingPrefix.length).split(' ');
    await target.send('POST', 'runs/set-tag', { run_id: runId, key: tag, value: named });
    journal.note(`set ${key}`, named);
  }
}

async function* historiesOf(source: MlflowServer, { info, data }: Run): AsyncGenerator<Metric> {
  for (const key of new Set((data.metrics ?? []).map((metric) => metric.key))) {
    const points = source.pages<Metric>(async (pageToken) => {
      const page = await source.get<{ metrics?: Metric[]; next_page_token?: string }>('metrics/get-history', {
        run_id: info.run_id,
        metric_key: key,
        max_results: pointsPerPage,
        ...(pageToken === undefined ? {} : { page_token: pageToken }),
      });
      return { items: page.metrics ?? [], pageToken: page.next_page_token };
    });
    for await (const { value, timestamp, step = 0 } of points) yield { key, value, timestamp, step };
  }
}
