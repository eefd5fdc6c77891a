import { readdirSync, readFileSync } from 'node:fs';

/** A running process. */
export interface ProcessUse {
  readonly pid: number;
  readonly command: string;
  /** Resident set: pages shared with others count in each of them. */
  readonly rssBytes: number;
  /** Proportional set: a page shared by n processes counts 1/n in each; sums of it are right. */
  readonly pssBytes: number;
  /** The Lambda function whose code it runs; absent for all other processes. */
  readonly functionName?: string;
}

const functionVariable = 'AWS_LAMBDA_FUNCTION_NAME=';

/** A process and all its descendants. Linux only: reads /proc. */
export function processTree(rootPid: number): ProcessUse[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === rootPid || isBelow(parents.get(pid)));
  return [...parents.keys()].filter(isBelow).flatMap(describe);
}

/** The parent, from the field after the command's name, which may itself hold anything but the last `)`; see proc_pid_stat(5). */
function parentOf(pid: number): number | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return parent > 0 ? parent : undefined;
}

function describe(pid: number): ProcessUse[] {
  const rollup = readOrEmpty(`/proc/${pid}/smaps_rollup`);
  const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]);
  const rssBytes = kilobytes('Rss') * 1024;
  const pssBytes = kilobytes('Pss') * 1024;
  const command = readOrEmpty(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  const environment = readOrEmpty(`/proc/${pid}/environ`).split('\0');
  const functionName = environment
    .find((text) => text.startsWith(functionVariable))
    ?.slice(functionVariable.length);
  if (Number.isNaN(rssBytes)) return [];
  return [{ pid, command, rssBytes, pssBytes, ...(functionName !== undefined && { functionName }) }];
}

/** Processes end while they are looked at. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
