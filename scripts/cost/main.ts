import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { billOf } from './bill.ts';
import { type Measurements, readMeasurements } from './measurements.ts';
import { picture } from './picture.ts';
import { type PriceTable, readPriceTable } from './price-table.ts';
import { readProfile, shippedProfiles } from './profile.ts';
import { type Report, reportJson, reportText } from './report.ts';
import { readStageFacts, type StageFacts } from './stage-facts.ts';
import { withAssemblyOf } from './synthesize-stage.ts';

const usage = `Prints what a stage costs in a month, by service and by what drives it.

Usage: npm run cost -- [options]

  --stage NAME      stage of cdk.json                                        (dev)
  --assembly DIR    read this cloud assembly of a stage instead of synthesizing
  --profile P       idle, small, medium, large, or a JSON file of your own    (small)
  --region R        region of the price table                                (us-east-1)
  --free-tier       subtract what is always free in an account
  --picture FILE    besides, draw the bills of small, medium and large into an SVG file
  --json            print one JSON document
  --help            this text

The templates give the alarms, schedules, memory sizes and retentions; scripts/cost/data/measurements.json what uploads, trainings,
releases and predictions ask of AWS; the profile how many there are. docs/guide/cost.md explains a profile.
Exit code 0; 1 when something is missing or wrong, with what and the cure; 2 for an unknown option.
`;

function parsedArguments() {
  return parseArgs({
    options: {
      stage: { type: 'string', default: 'dev' },
      assembly: { type: 'string' },
      profile: { type: 'string', default: 'small' },
      region: { type: 'string', default: 'us-east-1' },
      'free-tier': { type: 'boolean', default: false },
      picture: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
}

function reportOf(values: ReturnType<typeof parsedArguments>): Report {
  const profile = readProfile(values.profile);
  const prices = readPriceTable(values.region);
  const measurements = readMeasurements();
  const facts = values.assembly
    ? readStageFacts(values.assembly)
    : withAssemblyOf(values.stage, readStageFacts);
  const freeTier = values['free-tier'];
  const bill = billOf({ facts, profile, measurements }, prices, { freeTier });
  if (values.picture) writeFileSync(values.picture, pictureOf({ facts, prices, measurements, freeTier }));
  return { stage: facts.stage, profile, prices, measurements, freeTier, bill };
}

function pictureOf(common: {
  facts: StageFacts;
  prices: PriceTable;
  measurements: Measurements;
  freeTier: boolean;
}): string {
  const { facts, prices, measurements, freeTier } = common;
  const bills = shippedProfiles()
    .filter(({ name }) => name !== 'idle')
    .map((profile) => ({
      name: profile.name,
      bill: billOf({ facts, profile, measurements }, prices, { freeTier }),
    }));
  return picture(`What stage ${facts.stage} costs, by service`, bills);
}

function main(): number {
  let values: ReturnType<typeof parsedArguments>;
  try {
    values = parsedArguments();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    const report = reportOf(values);
    process.stdout.write(
      values.json ? `${JSON.stringify(reportJson(report), undefined, 2)}\n` : `${reportText(report)}\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

process.exitCode = main();
