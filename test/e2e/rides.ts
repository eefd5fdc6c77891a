import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ProjectJourney } from './journey.ts';
import type { Platform } from './platform.ts';
import { freshName } from './project.ts';

const exampleDir = path.resolve(import.meta.dirname, '../../examples/rides');

/** The example of the feature store on a platform, under names of its own, walked by the command line. */
export class Rides {
  /** The project that holds what is known about drivers. */
  readonly drivers = freshName();
  /** That of the rides, with features and a model. */
  readonly journey: ProjectJourney;
  readonly #platform: Platform;
  readonly #dir = mkdtempSync(path.join(tmpdir(), 'millrace-rides-'));

  constructor(platform: Platform) {
    this.#platform = platform;
    this.journey = new ProjectJourney(platform);
  }

  /** A file beside the example's data. */
  file(name: string): string {
    return path.join(this.#dir, name);
  }

  /** Keeps lines as a file; answers where it is. */
  write(name: string, lines: readonly string[]): string {
    writeFileSync(this.file(name), `${lines.join('\n')}\n`);
    return this.file(name);
  }

  lines(name: string): string[] {
    return readFileSync(this.file(name), 'utf8').trimEnd().split('\n');
  }

  /** A project file of the example, in which both projects have their names here. */
  projectFile(name: string): string {
    const text = readFileSync(path.join(exampleDir, name), 'utf8')
      .replace(/^name: drivers$/m, `name: ${this.drivers}`)
      .replace(/^name: rides$/m, `name: ${this.journey.project}`)
      .replace('dataset: drivers', `dataset: ${this.drivers}`);
    return this.write(name, [text]);
  }

  /** Makes the example's data, which ends now. */
  async makeData(): Promise<void> {
    await promisify(execFile)(process.execPath, [
      path.join(exampleDir, 'make-data.ts'),
      '--output',
      this.#dir,
    ]);
  }

  /** Runs `millrace <args> --json` to its good end, and answers what it said. */
  async millrace<Answer>(...args: readonly string[]): Promise<Answer> {
    const { code, stdout, stderr } = await this.#platform.command(...args, '--json');
    if (code !== 0) throw new Error(`millrace ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
    return JSON.parse(stdout) as Answer;
  }

  close(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
