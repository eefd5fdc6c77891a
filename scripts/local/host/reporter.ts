import pc from 'picocolors';
import type { Endpoints } from './endpoints.ts';

/** What the person at the keyboard, or the program that started the runtime, is told. */
export interface Reporter {
  banner(dataDir: string): void;
  /** Runs one stage of the start and tells what it did and how long it took. */
  step<Result>(
    title: string,
    work: () => Promise<Result>,
    outcome: (result: Result) => string,
  ): Promise<Result>;
  ready(endpoints: Endpoints, totalMs: number): void;
  note(message: string): void;
  problem(message: string): void;
}

/** Lines for people, or one JSON object a line (`--json`). */
export function createReporter(asJson: boolean): Reporter {
  return asJson ? jsonReporter() : humanReporter();
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

function humanReporter(): Reporter {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  return {
    banner(dataDir) {
      say(`${pc.bold('Millrace')} on this machine ${pc.dim(`(data in ${dataDir})`)}\n`);
    },
    async step(title, work, outcome) {
      if (process.stdout.isTTY) process.stdout.write(pc.dim(`  … ${title}`));
      const startedMs = performance.now();
      const clear = () => process.stdout.isTTY && process.stdout.write('\r\u001b[2K');
      try {
        const result = await work();
        clear();
        say(`  ${pc.green('✓')} ${outcome(result)} ${pc.dim(seconds(performance.now() - startedMs))}`);
        return result;
      } catch (error) {
        clear();
        throw error;
      }
    },
    ready(endpoints, totalMs) {
      say('');
      const others = Object.entries(endpoints.apiUrls).filter(([, url]) => url !== endpoints.platformUrl);
      const urls = {
        'Console and API': endpoints.platformUrl,
        ...Object.fromEntries(others),
        'AWS endpoint': endpoints.awsUrl,
      };
      const width = Math.max(...Object.keys(urls).map((name) => name.length));
      for (const [name, url] of Object.entries(urls)) say(`  ${name.padEnd(width)}  ${pc.cyan(url)}`);
      say('');
      say(
        `${pc.bold('Millrace is ready')} ${pc.dim(`after ${seconds(totalMs)}. Ctrl-C stops it; the next start resumes.`)}`,
      );
    },
    note: say,
    problem(message) {
      process.stderr.write(`${pc.red('Millrace cannot go on:')} ${message}\n`);
    },
  };
}

function jsonReporter(): Reporter {
  const say = (event: string, details: object) =>
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`);
  return {
    banner: (dataDir) => say('starting', { dataDir }),
    async step(title, work, outcome) {
      const startedMs = performance.now();
      const result = await work();
      say('step', { title, outcome: outcome(result), ms: Math.round(performance.now() - startedMs) });
      return result;
    },
    ready(endpoints, totalMs) {
      const { credentials: _secret, ...told } = endpoints;
      say('ready', { message: 'Millrace is ready', ms: Math.round(totalMs), ...told });
    },
    note: (message) => say('note', { message }),
    problem: (message) => say('problem', { message }),
  };
}
