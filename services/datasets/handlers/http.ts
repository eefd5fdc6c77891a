import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { httpEnvironment } from '../env.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { createMultipartUploads } from '../store/multipart-uploads.ts';
import { askProjects } from '../store/projects.ts';
import { createUploadAddresses } from '../store/upload-addresses.ts';
import { createUpload } from '../use-cases/create-upload.ts';
import {
  completeMultipartUpload,
  createMultipartUpload,
  signUploadParts,
} from '../use-cases/multipart-uploads.ts';

const env = readEnvironment(httpEnvironment);
const store = createDatasetStore(createTable(documentClient(), env.TABLE_NAME), systemClock);
const uploading = {
  store,
  projects: askProjects(env.MILLRACE_STAGE),
  addresses: createUploadAddresses(env.UPLOADS_BUCKET),
  ids: ulidGenerator,
  multipart: createMultipartUploads(env.UPLOADS_BUCKET),
};

export const handler = httpHandler([
  route(contract.createUpload, ({ params, body, caller }) =>
    createUpload(uploading, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.createMultipartUpload, ({ params, body, caller }) =>
    createMultipartUpload(uploading, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.signUploadParts, ({ params, body }) => signUploadParts(uploading, { ...params, ...body })),
  route(contract.completeMultipartUpload, ({ params, body }) =>
    completeMultipartUpload(uploading, { ...params, ...body }),
  ),
  route(contract.listUploads, async ({ params, query }) => {
    const page = await store.uploads(params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.listDatasetVersions, async ({ params, query }) => {
    const page = await store.versions(params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
]);
