import { readDeployment, requestRelease, rollBackDeployment } from '#services/deployment/contract.ts';
import { listJourneys, verifyAuditChain } from '#services/governance/contract.ts';
import { readCaller } from '#services/identity/contract.ts';
import { evaluateDriftNow, readDrift, readPerformance } from '#services/monitoring/contract.ts';
import { listProjects } from '#services/projects/contract.ts';
import { listModelVersions } from '#services/registry/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { followJourney, settledOrWaiting } from '../follow.ts';
import { createJourneyPrinter, journeyText, waitingText } from '../journey-view.ts';
import { figure, table } from '../output.ts';
import type { CommandContext } from './context.ts';

/** Journeys of a project, or with `watch` the newest as it happens until nothing moves any more. */
export async function status(
  context: CommandContext,
  project: string,
  options: { watch: boolean; limit: number },
): Promise<void> {
  const { client, output } = context;
  if (options.watch) return watch(context, project);
  const { items } = await client.call(listJourneys, { params: { project }, query: { limit: options.limit } });
  output.result(items, () =>
    items.length === 0
      ? `Nothing has happened in ${project} yet. Upload data: npx millrace upload ${project} <file.csv>`
      : items.map((journey) => journeyText(journey, Date.now())).join('\n\n'),
  );
}

async function watch({ client, output }: CommandContext, project: string): Promise<void> {
  const printer = createJourneyPrinter(process.stdout);
  const journey = await followJourney(client, {
    project,
    which: () => true,
    until: settledOrWaiting,
    onUpdate: output.json ? () => {} : (update) => printer.show(update),
    timeoutSeconds: 86_400,
  });
  output.result(journey, () => waitingText(journey).join('\n'));
  if (journey.status === 'failed')
    throw new CliFailure(exitCodes.failed, 'The journey failed at the step marked ✗.');
}

export async function drift(
  { client, output }: CommandContext,
  project: string,
  options: { now: boolean },
): Promise<void> {
  if (options.now) await client.call(evaluateDriftNow, { params: { project } });
  const [drifts, performance] = await Promise.all([
    client.call(readDrift, { params: { project }, query: { limit: 5 } }),
    client.call(readPerformance, { params: { project }, query: { limit: 5 } }),
  ]);
  output.result({ ...drifts, ...performance }, () => {
    const newest = drifts.evaluations[0];
    const head = table(
      ['window', 'version', 'predictions', 'verdict', 'drifted'],
      drifts.evaluations.map((item) => [
        item.window.endAt,
        item.modelVersion,
        item.window.predictions,
        item.verdict,
        item.scores.filter((score) => score.drifted).length,
      ]),
    );
    const scores = table(
      ['feature', 'PSI', 'test', 'p-value', 'drifted'],
      [...(newest?.scores ?? [])]
        .sort((a, b) => b.psi - a.psi)
        .slice(0, 12)
        .map((score) => [
          score.subject,
          score.psi.toFixed(3),
          score.test,
          score.pValue.toExponential(1),
          score.drifted ? 'yes' : '',
        ]),
    );
    const measured = table(
      ['window', 'version', 'labelled', 'verdict', 'metrics'],
      performance.measurements.map((item) => [
        item.window.endAt,
        item.modelVersion,
        item.labelled,
        item.verdict,
        Object.entries(item.metrics)
          .map(([name, value]) => `${name} ${figure(value)}`)
          .join(', '),
      ]),
    );
    const open = drifts.openWindow
      ? `The open window holds ${drifts.openWindow.predictions} predictions of version ${drifts.openWindow.modelVersion}.`
      : 'No window is open.';
    return newest
      ? [head, '', scores, '', measured, '', open].join('\n')
      : `No window was judged yet. ${open}`;
  });
}

export async function audit({ client, output }: CommandContext, project: string): Promise<void> {
  const verification = await client.call(verifyAuditChain, { params: { project } });
  output.result(verification, () =>
    verification.intact
      ? `The chain of ${verification.entries} entries is intact; its head is ${verification.headHash}.`
      : `The chain breaks at entry ${verification.brokenAt}.`,
  );
  if (!verification.intact)
    throw new CliFailure(
      exitCodes.failed,
      'The audit chain is broken: entries were changed or lost outside the platform.',
    );
}

export async function train(
  { client, output }: CommandContext,
  project: string,
  reason: string,
): Promise<void> {
  const answer = await client.call(requestTraining, { params: { project }, body: { reason } });
  output.result(answer, () => answer.message);
}

export async function rollback(
  { client, output }: CommandContext,
  project: string,
  reason: string,
): Promise<void> {
  const answer = await client.call(rollBackDeployment, { params: { project }, body: { reason } });
  output.result(
    answer,
    () =>
      `All traffic of ${project} goes to version ${answer.toVersion} again; it was at ${answer.fromVersion}.`,
  );
}

/** Asks for a release; a version that is in one, or serves, is answered with that. */
export async function release(
  { client, output }: CommandContext,
  project: string,
  modelVersion: number,
  reason: string | undefined,
): Promise<void> {
  const answer = await client.call(requestRelease, {
    params: { project, modelVersion },
    body: reason === undefined ? {} : { reason },
  });
  output.result(answer, () =>
    answer.begun
      ? `Release ${answer.releaseId} of version ${modelVersion} begins. \`npx millrace status ${project} --watch\` shows what follows.`
      : `Version ${modelVersion} is in release ${answer.releaseId} already (${answer.status}).`,
  );
}

export async function info({ client, output }: CommandContext): Promise<void> {
  const [caller, projects] = await Promise.all([
    client.call(readCaller, { params: {} }),
    client.call(listProjects, { params: {} }),
  ]);
  const rows = await Promise.all(
    projects.items.map(async ({ project, revision }) => {
      const [deployment, versions] = await Promise.all([
        client.call(readDeployment, { params: { project } }),
        client.call(listModelVersions, { params: { project } }),
      ]);
      const serving = deployment.routing?.versions
        .map((version) => `v${version.modelVersion} ${Math.round(version.share * 100)} %`)
        .join(', ');
      return { project, revision, modelVersions: versions.items.length, serving: serving ?? 'nothing' };
    }),
  );
  output.result({ platformUrl: client.connection.platformUrl, caller, projects: rows }, () =>
    [
      `Platform  ${client.connection.platformUrl} (stage ${caller.stage})`,
      `You are   ${caller.id} (${caller.grants.map((grant) => `${grant.role} of ${grant.project === '*' ? 'all projects' : grant.project}`).join(', ')})`,
      '',
      rows.length === 0
        ? 'No project yet. Declare one: npx millrace apply project.yaml'
        : table(
            ['project', 'revision', 'model versions', 'serving'],
            rows.map((row) => [row.project, row.revision, row.modelVersions, row.serving]),
          ),
    ].join('\n'),
  );
}
