import { Command, Option } from 'commander';
import { readLineage } from '#services/governance/contract.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { dotText, mermaidText } from '../lineage/diagrams.ts';
import { type ExportTarget, exportEvents, fileTarget, nothingToDo } from '../lineage/export-events.ts';
import type { Lineage } from '../lineage/graph.ts';
import { eventsUrl, sendEvent } from '../lineage/open-lineage-server.ts';
import { treeText } from '../lineage/tree.ts';
import { wholeNumber } from '../whole-number.ts';
import { contextOf } from './context.ts';

type Shared = (command: Command) => Command;
const formats = { tree: treeText, mermaid: mermaidText, dot: dotText } as const;

interface ShowOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly direction: 'up' | 'down' | 'both';
  readonly depth?: number;
  readonly after?: string;
  readonly format: keyof typeof formats;
}

interface ExportOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly output?: string;
  readonly to?: string;
  readonly from?: string;
}

/** `millrace lineage show` (also without the word) and `millrace lineage export`. */
export function lineage(shared: Shared): Command {
  const group = new Command('lineage').description('what went into what (role viewer)');
  shared(
    group
      .command('show <project> <kind> <id>', { isDefault: true })
      .description('everything up- and downstream of a prediction, model-version, dataset-version, …'),
  )
    .addOption(
      new Option('--direction <which>', 'what went into it, what it went into')
        .choices(['up', 'down', 'both'])
        .default('both'),
    )
    .option('--depth <steps>', 'most steps away from it', wholeNumber)
    .option('--after <id>', 'go on where an answer was cut; with its direction')
    .addOption(
      new Option('--format <format>', 'how it is written').choices(Object.keys(formats)).default('tree'),
    )
    .action(show);
  shared(
    group
      .command('export <project>')
      .description('write the project’s history as OpenLineage events, or send it to Marquez and others'),
  )
    .addOption(
      new Option('--format <format>', 'the standard').choices(['openlineage']).default('openlineage'),
    )
    .option('--output <file>', 'write one event a line (NDJSON); - is standard output')
    .option('--to <url>', 'send each event to this server (bearer token: OPENLINEAGE_API_KEY)')
    .option('--from <page>', 'go on where an export stopped, as its message says')
    .action(exportHistory);
  return group;
}

async function show(project: string, kind: string, id: string, options: ShowOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const { direction, depth, after } = options;
  const graph = await client.call(readLineage, {
    params: { project, kind, id },
    query: { direction, ...(depth ? { depth } : {}), ...(after ? { after } : {}) },
  });
  output.result(graph, () => formats[options.format](graph));
  if (graph.truncated && !output.json) process.stderr.write(`${moreText(project, graph)}\n`);
}

/** The commands that go on; a few are enough. */
function moreText(project: string, { openEnds }: Lineage): string {
  const commands = openEnds
    .filter(({ id }) => !id.startsWith('//'))
    .slice(0, 3)
    .map(({ id, direction, after }) => {
      const [kind, own] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)];
      return `  npx millrace lineage show ${project} ${kind} '${own}' --direction ${direction}${after ? ` --after '${after}'` : ''}`;
    });
  return ['There is more than one answer holds:', ...commands].join('\n');
}

async function exportHistory(project: string, options: ExportOptions): Promise<void> {
  if (!options.output && !options.to)
    throw new CliFailure(exitCodes.usage, 'Say where to: --output <file>, --to <url>, or both.');
  if (options.output === '-' && options.json)
    throw new CliFailure(exitCodes.usage, '--json and --output - would both write to standard output.');
  const { client, output } = contextOf(options);
  const targets = [
    ...(options.to ? [serverTarget(options.to)] : []),
    ...(options.output === '-' ? [standardOutput] : options.output ? [await fileTarget(options.output)] : []),
  ];
  const events = await exportEvents(client, project, {
    targets,
    from: options.from,
    onPage: (count) => void process.stderr.write(`${count} events\n`),
  });
  if (options.output === '-') return;
  const places = [options.output, options.to].filter((place) => place !== undefined);
  output.result(
    {
      project,
      events,
      ...(options.output ? { output: options.output } : {}),
      ...(options.to ? { to: options.to } : {}),
    },
    () => `${events} events of ${project} are in ${places.join(' and ')}.`,
  );
}

function serverTarget(address: string): ExportTarget {
  const url = eventsUrl(address);
  const apiKey = process.env['OPENLINEAGE_API_KEY'];
  return {
    async take(events) {
      for (const event of events) await sendEvent(url, event, { apiKey });
    },
    finish: nothingToDo,
    abandon: nothingToDo,
  };
}

const standardOutput: ExportTarget = {
  async take(events) {
    for (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`);
  },
  finish: nothingToDo,
  abandon: nothingToDo,
};
