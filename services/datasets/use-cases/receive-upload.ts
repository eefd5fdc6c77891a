import type { ProjectRevision } from '#services/projects/contract.ts';
import type { Column } from '#shared/contracts/parts.ts';
import { readUploadKey } from '../domain/upload-key.ts';
import { missingColumns } from '../domain/version-plan.ts';
import type { LocalFile, Projects, Rejection, UploadFiles } from '../ports.ts';
import { type ArrivedUpload, alreadyDecided, type UploadOutcome } from './arrived-upload.ts';
import { type MakeVersionDeps, makeVersion } from './make-version.ts';
import { recordRejection } from './record-rejection.ts';

export interface ReceiveUploadDeps extends MakeVersionDeps {
  readonly files: UploadFiles;
  readonly projects: Projects;
}

/**
 * Makes a version of an uploaded object, or records why it cannot be one. A write that a newer write of the same key
 * overtook is left out; the same content again makes no version. Safe to repeat.
 */
export async function receiveUpload(deps: ReceiveUploadDeps, arrived: ArrivedUpload): Promise<UploadOutcome> {
  const { source } = arrived;
  const before = await deps.store.key(source.key);
  const past = alreadyDecided(before, source);
  if (past) return past;
  const key = readUploadKey(source.key);
  const project = key.project ?? 'unknown';
  const reject = (...reasons: readonly Rejection[]) => recordRejection(deps, arrived, project, reasons);
  if (!key.valid) {
    return reject({
      code: 'InvalidUploadKey',
      message: `'${source.key}' names no project and file. Upload to incoming/<project>/<file>.`,
    });
  }
  const [revision, sizeBytes] = await Promise.all([
    deps.projects.find(project),
    deps.files.sizeBytes(source),
  ]);
  if (!revision) {
    return reject({
      code: 'UnknownProject',
      message: `There is no project '${project}'. Apply its project file, then upload again.`,
    });
  }
  const wrongSize = sizeRejection(sizeBytes, revision.definition.data.maxUploadBytes);
  if (wrongSize) return reject(wrongSize);
  return deps.files.withLocalFile(source, (file) => readFile(deps, { arrived, revision, file }, reject));
}

function sizeRejection(sizeBytes: number | undefined, maxBytes: number): Rejection | undefined {
  if (sizeBytes === undefined)
    return {
      code: 'UnreadableUpload',
      message: 'The object was deleted before it could be read. Upload it again.',
    };
  if (sizeBytes === 0)
    return { code: 'EmptyUpload', message: 'The file has 0 bytes. Upload one with a header and rows.' };
  if (sizeBytes > maxBytes) {
    return {
      code: 'UploadTooLarge',
      message: `The file has ${sizeBytes} bytes; data.maxUploadBytes of the project allows ${maxBytes}. Split the file, or raise the limit (at most 5368709120).`,
    };
  }
  return undefined;
}

interface ReadableUpload {
  readonly arrived: ArrivedUpload;
  readonly revision: ProjectRevision;
  readonly file: LocalFile;
}

async function readFile(
  deps: ReceiveUploadDeps,
  { arrived, revision, file }: ReadableUpload,
  reject: (reason: Rejection) => Promise<UploadOutcome>,
): Promise<UploadOutcome> {
  const { data } = revision.definition;
  const inspected = await deps.files.inspect(file, data.format);
  if (!inspected.readable) return reject(inspected.rejection);
  if (inspected.rows === 0)
    return reject({
      code: 'EmptyUpload',
      message: 'The file has columns and no rows. Upload one with rows.',
    });
  const missing = missingColumns(data.columns, inspected.columns);
  if (missing.length > 0) return reject(missingRejection(missing, inspected.columns));
  const object = await deps.files.keep(file, revision.project, data.format);
  return makeVersion(deps, { arrived, revision, inspected, object });
}

function missingRejection(missing: readonly string[], found: readonly Column[]): Rejection {
  return {
    code: 'MissingColumns',
    message: `The file lacks ${listed(missing)}. Its columns are ${listed(found.map(({ name }) => name))}. Add what is missing (case counts), or declare it nullable in the project file.`,
  };
}

const listed = (names: readonly string[]): string =>
  names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
