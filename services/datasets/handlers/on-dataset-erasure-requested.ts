import { DatasetErasureRequested } from '#events/datasets.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { eraserEnvironment } from '../env.ts';
import { createObjectRewriter } from '../erasing/rewrite-object.ts';
import { objectKeeper } from '../store/object-keeper.ts';
import { objectReader } from '../store/object-reader.ts';
import { createUploadCopies } from '../store/upload-copies.ts';
import { eraseRows } from '../use-cases/erase-rows.ts';
import { openVersions } from './versions.ts';

const env = readEnvironment(eraserEnvironment);
const rewriter = createObjectRewriter({
  functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  reader: objectReader,
  keep: objectKeeper(env.DATA_BUCKET),
});
const deps = { ...openVersions(env), rewriter, uploads: createUploadCopies(env.UPLOADS_BUCKET) };

export const handler = eventHandler(DatasetErasureRequested, ({ detail: { metadata, data } }) =>
  eraseRows(deps, { project: data.project, erasureId: data.erasureId, metadata }),
);
