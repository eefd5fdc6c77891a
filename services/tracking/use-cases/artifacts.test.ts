import { describe, expect, it } from 'vitest';
import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { createMemoryArtifacts } from '#test/doubles/artifact-store.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import type { Heads } from '../ports/heads.ts';
import { createSealedSources } from '../store/sealed-store.ts';
import type { ArtifactDeps } from './artifact-access.ts';
import { listArtifacts, pathBelow, presignDownload, readArtifact } from './read-artifacts.ts';
import {
  abortUpload,
  completeUpload,
  deleteArtifacts,
  presignUpload,
  putArtifact,
  startUpload,
} from './write-artifacts.ts';

const maxBytes = 10;
const file = '1/r1/artifacts/model/MLmodel';
const stage = (deleted: boolean) => (deleted ? 'deleted' : 'active') as 'deleted' | 'active';

/** Experiment 1 of project wine with the runs r1 and gone, experiment 2, deleted, with the run r2. */
const heads: Heads = {
  experiment: async (experimentId) =>
    ['1', '2'].includes(experimentId)
      ? {
          experimentId,
          name: 'wine',
          project: 'wine',
          artifactLocation: `mlflow-artifacts:/${experimentId}`,
          lifecycleStage: stage(experimentId === '2'),
        }
      : undefined,
  async run(runId) {
    const experimentId = { r1: '1', gone: '1', r2: '2' }[runId];
    if (!experimentId) return undefined;
    const artifactUri = `mlflow-artifacts:/${experimentId}/${runId}/artifacts`;
    return { runId, experimentId, project: 'wine', artifactUri, lifecycleStage: stage(runId !== 'r1') };
  },
};

const who = (role: Role, project = 'wine'): Caller => ({ id: 'ann', grants: [{ project, role }] });
const scientist = who('scientist');

function setUp() {
  const { store, paths } = createMemoryArtifacts();
  const deps: ArtifactDeps = { heads, artifacts: store, sealed: createSealedSources(createMemoryTable()) };
  const put = (path: string, caller = scientist, text = 'content') =>
    putArtifact(deps, caller, path, Buffer.from(text), maxBytes);
  return { deps, put, paths };
}

const upload = (directory: string, localPath = '/home/ann/model.pkl') => ({ directory, localPath });

describe('an artifact', () => {
  it('that was put is read, found and listed', async () => {
    const { deps, put } = setUp();
    await put(file);
    expect(await readArtifact(deps, who('viewer'), file, maxBytes)).toEqual({
      path: file,
      content: Buffer.from('content'),
    });
    expect(await presignDownload(deps, who('viewer'), file, 60)).toEqual({
      address: `get ${file} for 60 s`,
      bytes: 7,
    });
    expect(await listArtifacts(deps, who('viewer'), '1/r1/artifacts')).toEqual([{ name: 'model' }]);
    expect(await listArtifacts(deps, who('viewer'), '1/r1/artifacts/model')).toEqual([
      { name: 'MLmodel', bytes: 7 },
    ]);
  });

  it('that is too big for an answer is where its address says', async () => {
    const { deps, put } = setUp();
    await put(file);
    expect(await readArtifact(deps, scientist, file, 6)).toEqual({
      path: file,
      address: `get ${file} for 300 s`,
    });
  });

  it('that is too big for a request is refused with what helps', async () => {
    const { put, paths } = setUp();
    await expect(put(file, scientist, 'x'.repeat(11))).rejects.toThrow(
      /has 11 bytes; 10 fit into one request. Set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true/,
    );
    expect(paths()).toEqual([]);
  });

  it('that is not there is not found, and a directory is no file', async () => {
    const { deps, put } = setUp();
    await put(file);
    const read = (path: string) => readArtifact(deps, scientist, path, maxBytes);
    await expect(read(`${file}2`)).rejects.toThrow(`No such artifact: '${file}2'`);
    await expect(read('1/r1/artifacts/model')).rejects.toMatchObject({ code: 'ArtifactIsDirectory' });
    await expect(presignDownload(deps, scientist, `${file}2`)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('is deleted with what is below it, and beside it nothing', async () => {
    const { deps, put, paths } = setUp();
    for (const name of ['model/a', 'model/deep/b', 'model2', 'model.txt'])
      await put(`1/r1/artifacts/${name}`);
    await deleteArtifacts(deps, scientist, '1/r1/artifacts/model/');
    await deleteArtifacts(deps, scientist, '1/r1/artifacts/model/');
    expect(paths()).toEqual(['1/r1/artifacts/model.txt', '1/r1/artifacts/model2']);
  });

  it('of logged models and traces is written to an experiment that is there', async () => {
    const { put, paths } = setUp();
    await put('1/models/m-1/artifacts/MLmodel');
    await put('1/traces/tr-1/artifacts/traces.json');
    expect(paths()).toHaveLength(2);
    await expect(put('2/models/m-1/artifacts/MLmodel')).rejects.toMatchObject({ code: 'ExperimentDeleted' });
  });
});

describe('who may', () => {
  it('read is a viewer of the experiment’s project; others do not learn that it is there', async () => {
    const { deps, put } = setUp();
    await put(file);
    const strangers = [who('admin', 'tumour'), who('client')];
    for (const stranger of strangers) {
      const asked = [
        readArtifact(deps, stranger, file, maxBytes),
        listArtifacts(deps, stranger, '1/r1/artifacts'),
        presignDownload(deps, stranger, file),
      ];
      for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'ArtifactNotFound' });
      const unknown = readArtifact(deps, scientist, file.replace('1/', '9/'), maxBytes);
      await expect(unknown).rejects.toMatchObject({ code: 'ArtifactNotFound' });
    }
  });

  it('write is a scientist of it', async () => {
    const { deps, put, paths } = setUp();
    const viewer = who('viewer');
    const asked = [
      put(file, viewer),
      deleteArtifacts(deps, viewer, file),
      startUpload(deps, viewer, upload('1/r1/artifacts'), 1),
      completeUpload(deps, viewer, upload('1/r1/artifacts'), 'u', []),
      abortUpload(deps, viewer, upload('1/r1/artifacts'), 'u'),
      presignUpload(deps, viewer, file, 60),
    ];
    for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'RoleMissing' });
    await expect(put(file, who('scientist', 'tumour'))).rejects.toMatchObject({ code: 'ExperimentNotFound' });
    expect(paths()).toEqual([]);
  });
});

describe('nothing is written', () => {
  it.each([
    ['1/none/artifacts/x', 'RunNotFound'],
    ['1/r2/artifacts/x', 'RunDeleted'],
    ['1/gone/artifacts/x', 'RunDeleted'],
    ['2/r2/artifacts/x', 'ExperimentDeleted'],
    ['2/r1/artifacts/x', 'ExperimentDeleted'],
    ['9/r1/artifacts/x', 'ExperimentNotFound'],
    ['1/r1/artifacts', 'InvalidPath'],
    ['1/r1/x', 'InvalidPath'],
  ])('to %s: %s', async (path, code) => {
    const { put, paths } = setUp();
    await expect(put(path)).rejects.toMatchObject({ code });
    expect(paths()).toEqual([]);
  });

  it('to the source of a registered model version, by no operation, nor is anything above it deleted', async () => {
    const { deps, put, paths } = setUp();
    await put(file);
    await put('1/r1/artifacts/notes.txt');
    const source = '1/r1/artifacts/model';
    await deps.sealed.seal('1/r1/artifacts', { source, model: 'wine', version: '3' });
    const asked = [
      put(file),
      put(`${source}/new`),
      put(source),
      deleteArtifacts(deps, scientist, file),
      deleteArtifacts(deps, scientist, source),
      deleteArtifacts(deps, scientist, '1/r1/artifacts'),
      startUpload(deps, scientist, upload(source), 1),
      completeUpload(deps, scientist, upload(source), 'u', []),
      presignUpload(deps, scientist, `${source}/x`, 60),
    ];
    for (const answer of asked) {
      await expect(answer).rejects.toThrow(/belongs to version 3 of the registered model 'wine'/);
    }
    expect(paths()).toEqual([file, '1/r1/artifacts/notes.txt']);
    await put('1/r1/artifacts/model2/MLmodel');
    await deleteArtifacts(deps, scientist, '1/r1/artifacts/notes.txt');
    expect(await readArtifact(deps, scientist, file, maxBytes)).toMatchObject({ path: file });
  });
});

describe('an upload in parts', () => {
  it('goes to the file’s name in the directory, under an id that is good for no other path', async () => {
    const { deps, paths } = setUp();
    const { uploadId, addresses } = await startUpload(deps, scientist, upload('1/r1/artifacts/model'), 3);
    expect(addresses).toHaveLength(3);
    const parts = [
      { partNumber: 2, etag: 'b' },
      { partNumber: 1, etag: 'a' },
    ];
    const elsewhere = completeUpload(deps, scientist, upload('1/r1/artifacts/other'), uploadId, parts);
    await expect(elsewhere).rejects.toMatchObject({ code: 'UploadNotFound' });
    await completeUpload(deps, scientist, upload('1/r1/artifacts/model'), uploadId, parts);
    expect(paths()).toEqual(['1/r1/artifacts/model/model.pkl']);
    expect(await readArtifact(deps, scientist, '1/r1/artifacts/model/model.pkl', maxBytes)).toMatchObject({
      content: Buffer.from('ab'),
    });
  });

  it.each([-1, 1.5, 2001])('has not %s parts', async (parts) => {
    const { deps } = setUp();
    const started = startUpload(deps, scientist, upload('1/r1/artifacts'), parts);
    await expect(started).rejects.toThrow(
      /0 to 2000 parts are allowed. Set MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE/,
    );
  });
});

describe('artifacts that the platform does not keep', () => {
  it('are not looked for here', () => {
    expect(() => pathBelow('s3://bucket/1/r1/artifacts', 'x')).toThrow(/lie at 's3:\/\/bucket/);
    expect(pathBelow('mlflow-artifacts:/1/r1/artifacts', 'a/b')).toBe('1/r1/artifacts/a/b');
    expect(pathBelow('mlflow-artifacts:/1/r1/artifacts', undefined)).toBe('1/r1/artifacts');
  });
});
