import { HistoricalFeaturesRequested } from '#events/feature-store.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { stageEnvironment } from '../env.ts';
import { createRetrievalDispatcher } from '../store/retrieval-dispatcher.ts';

const dispatcher = createRetrievalDispatcher(readEnvironment(stageEnvironment).MILLRACE_STAGE);

/** A retrieval that is waked twice is begun once. */
export const handler = eventHandler(HistoricalFeaturesRequested, ({ detail: { data } }) =>
  dispatcher.wake(data.project, data.retrievalId),
);
