import {
  readLineage as lineageEndpoint,
  listAuditEntries,
  listJourneys,
  listOpenLineageEvents,
  verifyAuditChain,
} from '#services/governance/contract.ts';
import { getPrediction } from '#services/predictions/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { hasRole } from '#shared/contracts/caller.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { journeyOf } from '../domain/journey.ts';
import type { OpenLineagePlatform } from '../domain/open-lineage/parts.ts';
import { governanceHttpEnvironment } from '../env.ts';
import type { Predictions } from '../ports.ts';
import { createGovernanceStore } from '../store/governance-store.ts';
import { exportOpenLineage } from '../use-cases/export-open-lineage.ts';
import { readLineage } from '../use-cases/read-lineage.ts';
import { verifyChain } from '../use-cases/verify-chain.ts';

const environment = readEnvironment(governanceHttpEnvironment);
const store = createGovernanceStore(createTable(documentClient(), environment.TABLE_NAME));

const platform: OpenLineagePlatform = {
  stage: environment.MILLRACE_STAGE,
  buckets: {
    data: environment.DATA_BUCKET,
    models: environment.MODELS_BUCKET,
    captures: environment.CAPTURES_BUCKET,
  },
};

const predictions: Predictions = {
  async find(project, inferenceId) {
    try {
      const { modelVersion, at, prediction } = await ask(environment.MILLRACE_STAGE, getPrediction, {
        project,
        inferenceId,
      });
      return { modelVersion, at, value: String(prediction.value) };
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return undefined;
      throw error;
    }
  },
};

export const handler = httpHandler([
  route(listJourneys, async ({ params, query }) => {
    const journeys = await store.listJourneys(params.project, query.limit);
    return { items: journeys.map(({ facts }) => journeyOf(facts)) };
  }),
  route(listAuditEntries, async ({ params, query }) => {
    const page = await store.listEntries(params.project, {
      newestFirst: true,
      limit: query.limit,
      ...(query.pageToken ? { pageToken: query.pageToken } : {}),
    });
    return { ...page, items: [...page.items] };
  }),
  route(verifyAuditChain, ({ params }) => verifyChain(store, params.project)),
  route(lineageEndpoint, ({ params, query, caller }) =>
    readLineage(
      { store, predictions },
      {
        ...params,
        ...query,
        mayView: (project) => project === params.project || hasRole(caller, 'viewer', project),
      },
    ),
  ),
  route(listOpenLineageEvents, ({ params, query }) =>
    exportOpenLineage({ store, platform }, params.project, query),
  ),
]);
