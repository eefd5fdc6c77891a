import type { ProjectRevision } from '#services/projects/contract.ts';
import type { Column } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ManifestObject } from '../contract.ts';
import { listed } from '../domain/folder-plan.ts';
import { partitionOf } from '../domain/partition.ts';
import { missingColumns } from '../domain/version-plan.ts';
import type { LocalFile, ObjectWrite, Rejection, UploadFiles } from '../ports.ts';

/** A file of an upload that was read whole and is kept. */
export interface ReadFile {
  readonly object: Omit<ManifestObject, 'availableAt'>;
  readonly columns: readonly Column[];
  /** How many removals of objects had begun before it was kept. */
  readonly removals: number;
}

export interface FileRequest {
  readonly source: ObjectWrite;
  /** In its folder, or its name. */
  readonly path: string;
  /** Whether folders of the path name columns. */
  readonly isPartitioned: boolean;
  readonly expectedSha256?: string | undefined;
  readonly maxBytes: number;
  readonly atOnce: number;
}

/** Reads one file whole and keeps it at its content address, or says why it cannot be part of a version. */
export async function readFile(
  files: UploadFiles,
  revision: ProjectRevision,
  request: FileRequest,
): Promise<{ file: ReadFile } | { rejection: Rejection }> {
  try {
    return await files.withLocalFile(request.source, (local) => readLocal(files, revision, request, local));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'ObjectReplaced') throw error;
    return { rejection: { code: 'ChangedUpload', message: error.message } };
  }
}

async function readLocal(
  files: UploadFiles,
  { project, definition: { data } }: ProjectRevision,
  { path, isPartitioned, expectedSha256, maxBytes, atOnce }: FileRequest,
  local: LocalFile,
): Promise<{ file: ReadFile } | { rejection: Rejection }> {
  if (expectedSha256 !== undefined && expectedSha256 !== local.sha256) {
    const message = `Its SHA-256 is ${local.sha256}, the manifest says ${expectedSha256}. Upload the file again, or write the manifest anew.`;
    return { rejection: { code: 'ChangedUpload', message } };
  }
  const partition = isPartitioned ? partitionOf(path) : undefined;
  const { format, csv } = data;
  const settings = { format, ...(csv ? { csv: definedOnly(csv) } : {}) };
  const inspected = await files.inspect(local, { settings, partition, maxBytes, atOnce });
  if (!inspected.readable) return { rejection: inspected.rejection };
  const { columns, rows, reading } = inspected;
  if (rows === 0)
    return {
      rejection: { code: 'EmptyUpload', message: 'The file has columns and no rows. Upload one with rows.' },
    };
  const missing = missingColumns(data.columns, columns);
  if (missing.length > 0) return { rejection: missingRejection(missing, columns) };
  const { removals, ...object } = await files.keep(local, project, reading);
  return {
    file: {
      object: { ...object, rows, reading, path, ...(partition ? { partition } : {}) },
      columns,
      removals,
    },
  };
}

/** Members that are there, as TypeScript's exact optional properties have it. */
function definedOnly<Settings extends object>(settings: Settings) {
  type Defined = { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Defined;
}

function missingRejection(missing: readonly string[], found: readonly Column[]): Rejection {
  return {
    code: 'MissingColumns',
    message: `The file lacks ${listed(missing)}. Its columns are ${listed(found.map(({ name }) => name))}. Add what is missing (case counts), or declare it nullable in the project file.`,
  };
}

export function sizeRejection(sizeBytes: number, maxBytes: number): Rejection | undefined {
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
