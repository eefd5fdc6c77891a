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

const lookEveryMs = 30;
/** Whoever is called while somebody waits (APIs, questions among services) fails its caller; all others are called again. */
const isCalledAgain = /-(task|on|publish|plan|check)-[a-z-]+$/;

/** From now on kills, at an AWS endpoint, the first process of every function that is called again: until `stop`. `killed` names them. */
export function killFirstProcesses(awsUrl: string): {
  readonly killed: ReadonlySet<string>;
  readonly stop: () => void;
} {
  const killed = new Set<string>();
  const killer = setInterval(() => {
    for (const { pid, functionName } of functionProcesses(awsUrl)) {
      if (!isCalledAgain.test(functionName) || killed.has(functionName)) continue;
      killIfThere(pid);
      killed.add(functionName);
    }
  }, lookEveryMs);
  return { killed, stop: () => clearInterval(killer) };
}

/** Kills a process, unless it has ended by itself. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** `NAME=value` of each variable; nothing for a process that has ended or is somebody else's. */
function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
