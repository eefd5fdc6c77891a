import type { z } from 'zod';
import { type FeatureSkewCheckRequested, TrainingServingSkewDetected } from '#events/feature-store.ts';
import { causedBy, type DomainEvent, type EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import {
  comparedFeatures,
  countInference,
  emptyTallies,
  type KeptSkewReport,
  skewedFeatures,
  skewReportOf,
} from '../domain/skew.ts';
import type {
  DefinedRevision,
  DefinitionStore,
  Documents,
  ServedPeriod,
  SkewComparer,
  SkewMeter,
  SkewStore,
} from '../ports.ts';

export interface CheckSkewDeps {
  readonly definitions: Pick<DefinitionStore, 'newestRevision' | 'service' | 'view' | 'servicesOf'>;
  readonly comparer: SkewComparer;
  readonly documents: Documents;
  readonly skew: SkewStore;
  readonly meter: SkewMeter;
  readonly clock: Clock;
}

type SkewSettings = DefinedRevision['skew'];
type Check = z.output<typeof FeatureSkewCheckRequested.data>;

/**
 * Compares what was served in a period with what training would have seen, one report per feature service version, and tells of those
 * with a feature above the rate. Where nothing was served, the newest version of each service gets a report that says so.
 */
export async function checkSkew(
  deps: CheckSkewDeps,
  { data, metadata }: { readonly data: Check; readonly metadata: EventMetadata },
): Promise<void> {
  const { project } = data;
  const settings = (await deps.definitions.newestRevision(project))?.skew;
  // The newest revision declares no features any more.
  if (!settings) return;
  const reports = await deps.comparer.withServed(project, data, async (served) => {
    const found: KeptSkewReport[] = [];
    for (const service of served.services)
      found.push(await reportOf(deps, { check: data, settings, served, service }));
    return found.length > 0 ? found : nothingServed(deps, data, settings);
  });
  const kept = await Promise.all(
    reports.map(async (report) => ({
      report,
      object: await deps.documents.write(project, `skew/${report.reportId}.json`, report),
    })),
  );
  await deps.skew.save(
    kept,
    kept.flatMap(({ report, object }) => detected(deps, { report, object, metadata })),
    { consumer: 'feature-store/on-feature-skew-check-requested', eventId: metadata.eventId },
  );
  for (const { project: of, featureService, inferences, features } of reports)
    if (inferences > 0)
      deps.meter.mismatchRate(
        of,
        featureService,
        Math.max(0, ...features.map(({ mismatchRate }) => mismatchRate)),
      );
}

const reportIdOf = ({ checkId }: Check, { service, version }: { service: string; version: number }): string =>
  `${checkId}-${service}-v${version}`;

async function reportOf(
  { definitions, clock }: CheckSkewDeps,
  {
    check,
    settings,
    served,
    service: { service, version },
  }: {
    readonly check: Check;
    readonly settings: SkewSettings;
    readonly served: ServedPeriod;
    readonly service: ServedPeriod['services'][number];
  },
): Promise<KeptSkewReport> {
  const { project, from, to } = check;
  const pinned = await definitions.service(project, service, version);
  if (!pinned) throw missing(project, `version ${version} of feature service '${service}'`);
  const views = await Promise.all(
    pinned.views.map(async ({ view, version: viewVersion }) => {
      const definition = await definitions.view(project, view, viewVersion);
      if (definition) return definition;
      throw missing(project, `version ${viewVersion} of feature view '${view}'`);
    }),
  );
  const features = comparedFeatures(pinned);
  const tallies = emptyTallies(features);
  let inferences = 0;
  for await (const inference of served.compare(pinned, views, settings.maxInferences)) {
    countInference(tallies, features, inference, settings.relativeTolerance);
    inferences++;
  }
  const about = {
    reportId: reportIdOf(check, { service, version }),
    project,
    featureService: { service, version },
    from,
    to,
    inferences,
    maxMismatchRate: settings.maxMismatchRate,
    completedAt: clock.now().toISOString(),
  };
  return skewReportOf(about, tallies);
}

const missing = (project: string, what: string): AppError =>
  new AppError(
    'unavailable',
    'DefinitionMissing',
    `Predictions of '${project}' were served with ${what}, which is not defined here. If that stays so, look for ProjectApplied among the dead letters of feature-store, send it again, then this event.`,
  );

async function nothingServed(
  { definitions, clock }: CheckSkewDeps,
  check: Check,
  { maxMismatchRate }: SkewSettings,
): Promise<KeptSkewReport[]> {
  const { project, from, to } = check;
  const services = await definitions.servicesOf(project);
  return services.map(({ service, version }) => {
    const about = { reportId: reportIdOf(check, { service, version }), project, from, to, inferences: 0 };
    const featureService = { service, version };
    return skewReportOf(
      { ...about, featureService, maxMismatchRate, completedAt: clock.now().toISOString() },
      [],
    );
  });
}

/** What an event takes. */
const maxFeatures = 100;

function detected(
  { clock }: CheckSkewDeps,
  {
    report,
    object,
    metadata,
  }: { readonly report: KeptSkewReport; readonly object: StoredObject; readonly metadata: EventMetadata },
): DomainEvent[] {
  if (report.verdict !== 'Fail') return [];
  const { project, featureService, reportId, inferences, maxMismatchRate } = report;
  return [
    TrainingServingSkewDetected.create(
      causedBy(metadata, {
        eventId: `skew-${reportId}`.slice(0, 64),
        occurredAt: clock.now(),
        actor: { type: 'service', id: 'feature-store' },
      }),
      {
        project,
        ...featureService,
        reportId,
        inferences,
        maxMismatchRate,
        features: skewedFeatures(report).slice(0, maxFeatures),
        report: object,
      },
    ),
  ];
}
