import { parseArgs } from 'node:util';
import { type Leftover, leftoversOf, objectsOf } from './leftovers.ts';

const usage = `Lists what a deployed stage made at run time, which \`cdk destroy\` does not remove.

Usage: npm run teardown -- --stage STAGE [flags]

  --stage STAGE   the stage, as in cdk.json
  --objects       the objects of its buckets too, all versions: data and models are lost
  --yes           remove, not only list
  --help          this text

Account and region are those of the environment, as for the AWS CLI.
`;

const options = {
  stage: { type: 'string' },
  objects: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const { stage } = values;
  if (!stage || !/^[a-z][a-z0-9]{0,9}$/.test(stage)) {
    process.stderr.write(`--stage ${stage ?? ''} is no stage. Name one of cdk.json, e.g. --stage dev.\n`);
    return 2;
  }
  const leftovers = [...(await leftoversOf(stage)), ...(values.objects ? await objectsOf(stage) : [])];
  for (const leftover of leftovers) await treat(leftover, values.yes);
  if (leftovers.length === 0) process.stdout.write(`Stage ${stage} left nothing behind.\n`);
  else if (!values.yes) process.stdout.write('Nothing was removed: --yes removes what is listed.\n');
  return 0;
}

async function treat({ kind, name, remove }: Leftover, really: boolean): Promise<void> {
  if (really) await remove();
  process.stdout.write(`${really ? 'Removed' : 'Found'} ${kind} ${name}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
