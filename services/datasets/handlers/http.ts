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
import { createRestorationStore } from '../store/restoration-store.ts';
import { createUploadAddresses } from '../store/upload-addresses.ts';
import { createUpload } from '../use-cases/create-upload.ts';
import { putTag, removeTag } from '../use-cases/move-tag.ts';
import {
  completeMultipartUpload,
  createMultipartUpload,
  signUploadParts,
} from '../use-cases/multipart-uploads.ts';
import { describeVersion, listFiles, versionAt } from '../use-cases/read-versions.ts';
import { requestDiff } from '../use-cases/request-diff.ts';
import { listErasures, readErasure, requestErasure, resumeErasure } from '../use-cases/request-erasure.ts';
import { restoreVersion } from '../use-cases/restore-version.ts';
import { openVersions } from './versions.ts';

const env = readEnvironment(httpEnvironment);
const table = createTable(documentClient(), env.TABLE_NAME);
const store = createDatasetStore(table, systemClock);
const uploading = {
  store,
  projects: askProjects(env.MILLRACE_STAGE),
  addresses: createUploadAddresses(env.UPLOADS_BUCKET),
  ids: ulidGenerator,
  multipart: createMultipartUploads(env.UPLOADS_BUCKET),
};
const versions = openVersions(env);
const restoring = {
  ...versions,
  restorations: createRestorationStore(table),
  uploadsBucket: env.UPLOADS_BUCKET,
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
  route(contract.listDatasetVersions, async ({ params: { project }, query }) => {
    if (query.at !== undefined) {
      const current = await versionAt(versions.store, { project, at: query.at });
      return { items: current ? [current] : [] };
    }
    const page = await store.versions(project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.readDatasetVersion, ({ params }) => describeVersion(versions, params)),
  route(contract.restoreDatasetVersion, ({ params, body, caller }) =>
    restoreVersion(restoring, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.listDatasetFiles, async ({ params, query }) => {
    const page = await listFiles(versions, { ...params, ...query });
    return { ...page, items: [...page.items] };
  }),
  route(contract.diffDatasetVersions, ({ params, query, caller }) =>
    requestDiff(versions, {
      project: params.project,
      from: query.from,
      to: params.datasetVersion,
      requestedBy: caller.id,
    }),
  ),
  route(contract.listDatasetTags, async ({ params, query }) => {
    const page = await versions.store.tags(params.project, query.pageToken);
    return { ...page, items: [...page.items] };
  }),
  route(contract.putDatasetTag, ({ params, body, caller }) =>
    putTag(versions, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.deleteDatasetTag, ({ params, caller }) =>
    removeTag(versions, { ...params, requestedBy: caller.id }),
  ),
  route(contract.requestErasure, ({ params, body, caller }) =>
    requestErasure(versions, { ...params, ...body, requestedBy: caller.id }),
  ),
  route(contract.listErasures, async ({ params, query }) => {
    const page = await listErasures(versions, { ...params, ...query });
    return { ...page, items: [...page.items] };
  }),
  route(contract.readErasure, ({ params }) => readErasure(versions, params)),
  route(contract.resumeErasure, ({ params, caller }) =>
    resumeErasure(versions, { ...params, requestedBy: caller.id }),
  ),
]);
