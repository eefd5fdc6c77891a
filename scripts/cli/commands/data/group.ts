import { Command } from 'commander';
import { type CommandContext, contextOf } from '../context.ts';
import { profile } from '../profiles.ts';
import { checkout } from './checkout.ts';
import { diff } from './diff.ts';
import { erase, erasures, resume } from './erasures.ts';
import { restore } from './restore.ts';
import { at, datasheet, show, tag, untag, versionNumber, versions } from './versions.ts';

export type Shared = (command: Command) => Command;
type Options = Record<string, string | boolean | string[] | undefined>;

const text = (value: Options[string]): string | undefined => (typeof value === 'string' ? value : undefined);

/** `millrace data …`: versions of a project's dataset. */
export function data(shared: Shared): Command {
  const group = new Command('data').description('versions of a project’s dataset');
  const define = (
    usage: string,
    description: string,
    run: (context: CommandContext, args: string[], options: Options) => Promise<void>,
  ): Command =>
    shared(group.command(usage).description(description)).action(async (...given: unknown[]) => {
      const options = given.at(-2) as Options;
      await run(contextOf(options), given.slice(0, -2) as string[], options);
    });

  define('versions <project>', 'all versions, newest first, with their tags', (context, [project]) =>
    versions(context, project!),
  );
  define(
    'show <project> [version]',
    'one version: its columns, tags, what was made of it (default: the newest)',
    (context, [project, version]) => show(context, project!, version ? versionNumber(version) : undefined),
  );
  define('datasheet <project>', 'what people must know about the data', (context, [project]) =>
    datasheet(context, project!),
  );
  define('at <project> <time>', 'the version that was current then (ISO 8601)', (context, [project, time]) =>
    at(context, project!, time!),
  );
  define(
    'diff <project> <from> [to]',
    'rows added, removed and changed since an older version (default: up to the newest)',
    (context, [project, from, to], options) =>
      diff(context, {
        project: project!,
        from: versionNumber(from!),
        to: to ? versionNumber(to) : undefined,
        isExitCode: options['exitCode'] === true,
      }),
  ).option('--exit-code', 'exit with 1 where the versions differ', false);
  define(
    'restore <project> <version>',
    'make the next version with the content of an older one, e.g. where a bad upload fails',
    (context, [project, version], options) =>
      restore(context, project!, versionNumber(version!), {
        reason: String(options['reason']),
        wait: options['wait'] === true,
      }),
  )
    .requiredOption('--reason <text>', 'why; it is kept with the version')
    .option('--wait', 'wait for the verdict on it', false);
  define('tag <project> <tag> <version>', 'put a tag on a version', (context, [project, name, version]) =>
    tag(context, project!, name!, versionNumber(version!)),
  );
  define('untag <project> <tag>', 'take a tag away', (context, [project, name]) =>
    untag(context, project!, name!),
  );
  define(
    'checkout <project>',
    'write the files of a version into a folder; goes on where it stopped (default: the newest)',
    (context, [project], options) =>
      checkout(context, project!, {
        output: String(options['output']),
        version: text(options['version']),
        tag: text(options['tag']),
        at: text(options['at']),
        validated: options['validated'] === true,
        quarantine: options['quarantine'] === true,
      }),
  )
    .requiredOption('--output <dir>', 'folder to write to')
    .option('--version <n>', 'the version of this number')
    .option('--tag <tag>', 'the version that this tag is on')
    .option('--at <time>', 'the version that was current then (ISO 8601)')
    .option('--validated', 'the rows that passed their checks, as Parquet, instead', false)
    .option('--quarantine', 'the rows in quarantine, as Parquet, instead; with --validated besides', false);
  define(
    'erase <project>',
    'erase the rows of data subjects from all versions, for good (role admin)',
    (context, [project], options) =>
      erase(context, project!, {
        keys: (options['key'] as string[] | undefined) ?? [],
        keysFile: text(options['keysFile']),
        reason: String(options['reason']),
        confirm: text(options['confirm']),
        wait: options['wait'] !== false,
      }),
  )
    .option('--key <keys...>', 'primary keys; several with spaces')
    .option('--keys-file <file>', 'a file with one key per line: keys stay out of the shell’s history')
    .requiredOption('--reason <text>', 'why; it is kept with the certificate')
    .option('--confirm <project>', 'the project’s name again: it cannot be undone')
    .option('--no-wait', 'do not wait for its end');
  define(
    'erasures <project> [erasure]',
    'erasures of a project, or one with its certificate (role admin)',
    (context, [project, erasureId], options) =>
      options['resume'] === true
        ? resume(context, project!, erasureId)
        : erasures(context, project!, erasureId),
  ).option('--resume', 'let one that failed go on where it stopped', false);
  group.addCommand(profile(shared));
  return group;
}
