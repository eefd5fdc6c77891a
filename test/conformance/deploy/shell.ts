import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ProgramEnd, runProgram } from '../parts/program.ts';

/** A terminal: what one command exports, the next one has. */
export class Shell {
  readonly #cwd: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #state: string;

  /** `stateDir` holds what was exported; commands run in `cwd`. */
  constructor(cwd: string, env: NodeJS.ProcessEnv, stateDir: string) {
    this.#cwd = cwd;
    this.#env = env;
    this.#state = path.join(stateDir, 'exports.sh');
    writeFileSync(this.#state, '');
  }

  /** Runs commands up to the first that fails, whatever their exit code. */
  try(commands: string): Promise<ProgramEnd> {
    const script = `. "${this.#state}"\n${commands}\nexport -p > "${this.#state}"`;
    return runProgram('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      cwd: this.#cwd,
      env: this.#env,
    });
  }

  /** Runs commands that must end well; what they wrote to standard output. */
  async run(commands: string): Promise<string> {
    const { code, stdout, stderr } = await this.try(commands);
    if (code === 0) return stdout;
    // What went wrong stands at the end of what `cdk deploy` says.
    throw new Error(`Exit code ${code} of:\n${commands}\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
  }

  /** Runs a command that answers one JSON document. */
  async json<Value>(command: string): Promise<Value> {
    return JSON.parse(await this.run(command)) as Value;
  }
}
