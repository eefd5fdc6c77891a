import { CapturesErased } from '#events/predictions.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { writerEnvironment } from '../env.ts';
import { noteCapturesErased } from '../use-cases/note-captures-erased.ts';
import { oversightDeps } from './oversight.ts';

const deps = oversightDeps(readEnvironment(writerEnvironment));

export const handler = eventHandler(CapturesErased, ({ detail }) => noteCapturesErased(deps, detail));
