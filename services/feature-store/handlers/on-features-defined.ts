import { FeaturesDefined } from '#events/feature-store.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { noteDefinedViews } from '../use-cases/note-defined-views.ts';
import { materializationDeps } from './materialization.ts';

const deps = materializationDeps(readEnvironment(queryEnvironment));

export const handler = eventHandler(FeaturesDefined, ({ detail }) => noteDefinedViews(deps, detail));
