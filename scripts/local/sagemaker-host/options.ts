import path from 'node:path';
import { parseArgs } from 'node:util';
import { StartRefused } from '../host/data-folder.ts';

/** What the SageMaker host takes. */
export interface HostOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** AWS endpoint of the emulator that the stage is deployed on, on loopback. */
  readonly awsEndpoint: string;
  readonly dataDir: string;
  readonly help: boolean;
}

export const usage = `Serves SageMaker on this machine to a stage that is deployed on an AWS emulator without SageMaker.

Usage: node scripts/local/sagemaker-host/main.ts [flags]

  --port PORT          where SageMaker is served, 0 for any free port  (4580)
  --aws-endpoint URL   the emulator, on this machine                    (http://127.0.0.1:4566)
  --data DIR           where jobs, models and endpoints are kept        (.millrace-sagemaker)
  --help               this text

Objects, log lines, metrics and events of jobs and endpoints go to the emulator, with the credentials and the region of the environment
(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION). Deploy the stage with -c sagemakerEndpoint=<the address printed>.
`;

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Parses the command line. Throws StartRefused naming the flag, what it takes and the cure. */
export function parseHostOptions(argv: readonly string[], cwd: string): HostOptions {
  const values = parse(argv);
  return {
    port: port(values.port),
    awsEndpoint: endpoint(values['aws-endpoint']),
    dataDir: path.resolve(cwd, values.data),
    help: values.help,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: 'string', default: '4580' },
        'aws-endpoint': { type: 'string', default: 'http://127.0.0.1:4566' },
        data: { type: 'string', default: '.millrace-sagemaker' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    const [why] = error instanceof Error ? error.message.split('. ') : [String(error)];
    throw new StartRefused(`${why}. --help lists the flags.`);
  }
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new StartRefused(`--port ${text} is no port. Give a number from 0 to 65535.`);
}

/** Loopback only: the host publishes events in the name of SageMaker, which is for an emulator on this machine alone. */
function endpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && loopbackHosts.has(url.hostname)) return url.origin;
  throw new StartRefused(
    `--aws-endpoint ${text} is no address of an emulator on this machine. Give one such as http://127.0.0.1:4566.`,
  );
}
