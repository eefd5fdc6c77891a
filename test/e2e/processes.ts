import { readdirSync, readFileSync } from 'node:fs';

/** Only Linux tells which process runs what. */
export const canSeeProcesses = process.platform === 'linux';

/** A process that runs a Lambda function of a laptop platform. */
export interface FunctionProcess {
  readonly pid: number;
  readonly functionName: string;
}

/** The processes that run functions of the laptop platform at an AWS endpoint now; none where they cannot be seen. */
export function functionProcesses(awsUrl: string): FunctionProcess[] {
  if (!canSeeProcesses) return [];
  return readdirSync('/proc').flatMap((entry) => {
    const variables = /^\d+$/.test(entry) ? environmentOf(entry) : [];
    const prefix = 'AWS_LAMBDA_FUNCTION_NAME=';
    const name = variables.find((variable) => variable.startsWith(prefix));
    if (!name || !variables.includes(`AWS_ENDPOINT_URL=${awsUrl}`)) return [];
    return [{ pid: Number(entry), functionName: name.slice(prefix.length) }];
  });
}

/** `NAME=value` of each variable; nothing for a process that has ended or is somebody else's. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
