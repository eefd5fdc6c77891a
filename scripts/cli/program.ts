import { Command } from 'commander';
import { approvals, decide } from './commands/approvals.ts';
import { type CommandContext, contextOf, shared } from './commands/context.ts';
import { contracts } from './commands/contracts.ts';
import { data } from './commands/data/group.ts';
import { example } from './commands/example.ts';
import { features } from './commands/features/group.ts';
import { audit, drift, info, release, rollback, status, train } from './commands/insight.ts';
import { lineage } from './commands/lineage.ts';
import { label, predict } from './commands/predictions.ts';
import { apply } from './commands/projects.ts';
import { addSuggestionCommands } from './commands/suggestions.ts';
import { tokens } from './commands/tokens.ts';
import { exports, imports } from './commands/transfer.ts';
import { upload } from './commands/upload.ts';
import { quarantine, validation } from './commands/validation.ts';
import { wholeNumber } from './whole-number.ts';

type Options = Record<string, string | boolean | number | undefined>;

/** Registers a command whose last two arguments commander gives as options and command. */
function define(
  program: Command,
  usage: string,
  description: string,
  run: (context: CommandContext, args: string[], options: Options) => Promise<void>,
): Command {
  return shared(program.command(usage).description(description)).action(async (...given: unknown[]) => {
    const options = given.at(-2) as Options;
    await run(contextOf(options), given.slice(0, -2) as string[], options);
  });
}

/** The `millrace` command with all its commands; parsing a command line runs one of them. */
export function createProgram(): Command {
  const program = new Command('millrace')
    .description('Works with a Millrace platform, on this laptop or deployed.')
    .version('0.1.0')
    // `--version` of a command below is its own.
    .enablePositionalOptions()
    .exitOverride();
  define(
    program,
    'apply <file>',
    'create or change the project that a project.yaml declares',
    (context, [file]) => apply(context, file!),
  );
  define(
    program,
    'upload <project> <file|folder>',
    'upload data; what follows is the project’s pipeline',
    (context, [project, path], options) =>
      upload(context, project!, path!, {
        wait: options['wait'] === true,
        ...(typeof options['folder'] === 'string' ? { folder: options['folder'] } : {}),
      }),
  )
    .option('--wait', 'wait for the verdict on the dataset version too', false)
    .option('--folder <name>', 'name of the folder on the platform; default: its own name and its content’s');
  define(
    program,
    'status <project>',
    'what happened to the project’s uploads, trainings and releases',
    (context, [project], options) =>
      status(context, project!, { watch: options['watch'] === true, limit: options['limit'] as number }),
  )
    .option('--watch', 'show the newest journey as it happens', false)
    .option('--limit <n>', 'how many journeys', wholeNumber, 5);
  define(program, 'approvals', 'what waits for approval', (context, _args, options) =>
    approvals(context, { all: options['all'] === true }),
  ).option('--all', 'decided ones too', false);
  define(program, 'approve <request>', 'approve a release', (context, [request], options) =>
    decide(context, request!, 'approved', String(options['comment'])),
  ).option('--comment <text>', 'why', 'Approved on the command line.');
  define(program, 'reject <request>', 'reject a release', (context, [request], options) =>
    decide(context, request!, 'rejected', String(options['comment'])),
  ).requiredOption('--comment <text>', 'why');
  define(
    program,
    'predict <project> <rows.csv>',
    'predict the rows of a CSV file',
    (context, [project, file], options) =>
      predict(context, project!, file!, {
        batch: options['batch'] as number,
        ...(typeof options['output'] === 'string' ? { output: options['output'] } : {}),
      }),
  )
    .option('--output <file>', 'write predictions to a CSV file')
    .option('--batch <n>', 'rows per request, at most 500', wholeNumber, 100);
  define(
    program,
    'label <project> <labels.csv>',
    'send what turned out to be true',
    (context, [project, file], options) =>
      label(
        context,
        project!,
        file!,
        typeof options['predictions'] === 'string' ? { predictions: options['predictions'] } : {},
      ),
  ).option('--predictions <file>', 'the file that `millrace predict --output` wrote');
  define(program, 'drift <project>', 'drift and performance of what serves', (context, [project], options) =>
    drift(context, project!, { now: options['now'] === true }),
  ).option('--now', 'close the open window and judge it first', false);
  program.addCommand(lineage(shared));
  define(program, 'audit <project>', 'check the project’s audit chain', (context, [project]) =>
    audit(context, project!),
  );
  define(
    program,
    'train <project>',
    'ask for a training on the newest validated data',
    (context, [project], options) => train(context, project!, String(options['reason'])),
  ).requiredOption('--reason <text>', 'why');
  define(
    program,
    'rollback <project>',
    'send all traffic back to the version before',
    (context, [project], options) => rollback(context, project!, String(options['reason'])),
  ).requiredOption('--reason <text>', 'why');
  define(
    program,
    'release <project> <version>',
    'begin the release of a model version that is in none, by what the project says now',
    (context, [project, version], options) =>
      release(
        context,
        project!,
        wholeNumber(version!),
        options['reason'] === undefined ? undefined : String(options['reason']),
      ),
  ).option('--reason <text>', 'why');
  define(program, 'info', 'where the platform is, who you are, which projects there are', (context) =>
    info(context),
  );
  define(program, 'example', 'start the example project and watch its journey', (context, _args, options) =>
    example(context, { follow: options['follow'] === true, resume: options['resume'] === true }),
  )
    .option('--follow', 'go on showing what happens', false)
    .option('--resume', 'start nothing, show what was begun before', false);
  program.addCommand(data(shared));
  program.addCommand(features(shared));
  program.addCommand(validation(shared));
  program.addCommand(quarantine(shared));
  program.addCommand(addSuggestionCommands(contracts(shared), shared));
  program.addCommand(tokens(shared));
  program.addCommand(imports(shared));
  program.addCommand(exports(shared));
  return program;
}
