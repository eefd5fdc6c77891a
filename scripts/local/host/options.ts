import path from 'node:path';
import { parseArgs } from 'node:util';
import { StartRefused } from './data-folder.ts';

/** What `npm start --` takes. */
export interface StartOptions {
  readonly platformPort: number;
  readonly awsPort: number;
  readonly dataDir: string;
  readonly fresh: boolean;
  readonly example: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `Runs Millrace on this machine: the synthesized template on emulated AWS services.

Usage: npm start -- [flags]

  --port PORT       console, API and predictions        (4700)
  --aws-port PORT   AWS endpoint for any SDK or the CLI  (4566)
  --data DIR        where state is kept                  (.millrace)
  --fresh           drop the data folder first
  --no-example      do not start the example project
  --json            progress as JSON lines
  --help            this text

Environment: MILLRACE_FAULTS switches faults on, e.g. {"seed":7,"bus":{"duplicate":0.2}}; see scripts/local/README.md.
`;

/** Parses the command line. Throws StartRefused naming the flag, what it takes and the cure. */
export function parseStartOptions(argv: readonly string[], cwd: string): StartOptions {
  const { values } = parse(argv);
  const options = {
    platformPort: port('--port', values.port),
    awsPort: port('--aws-port', values['aws-port']),
    dataDir: path.resolve(cwd, values.data),
    fresh: values.fresh,
    example: !values['no-example'],
    json: values.json,
    help: values.help,
  };
  if (options.platformPort === options.awsPort) {
    throw new StartRefused(`--port and --aws-port are both ${options.awsPort}. Give them different ports.`);
  }
  return options;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '4700' },
        'aws-port': { type: 'string', default: '4566' },
        data: { type: 'string', default: '.millrace' },
        fresh: { type: 'boolean', default: false },
        'no-example': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [why] = error instanceof Error ? error.message.split('. ') : [String(error)];
    throw new StartRefused(`${why}. \`npm start -- --help\` lists the flags.`);
  }
}

function port(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 65_535) return number;
  throw new StartRefused(`${flag} ${text} is no port. Give a number from 1 to 65535.`);
}
