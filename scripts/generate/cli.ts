import type { Command } from 'commander';
import { exitCodes } from '../cli/failure.ts';
import { createProgram } from '../cli/program.ts';
import { type Artefact, generatedNote, markdownTable } from './artefact.ts';

const helpColumns = 100;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'done',
  failed: 'what was asked for ran and ended badly: a rejected upload, a failed training',
  usage: 'the command line or a local file is not right',
  unreachable: 'the platform did not answer',
  refused: 'the platform refused: bad input, missing rights, not found, a conflict',
};

/** What `millrace --help` and the help of each command say. */
export function cliReference(): Artefact {
  const program = createProgram();
  const commands = program.commands.flatMap(withSubcommands);
  const sections = commands.map(({ title, help }) => `## ${title}\n\n\`\`\`text\n${help}\`\`\``);
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  const codes = names.map((name) => [String(exitCodes[name]), meanings[name]]);
  return {
    path: 'docs/reference/cli.md',
    content: `# The millrace command

${generatedNote}

\`npx millrace <command>\` in a clone. Results go to standard output, progress and errors to standard error.

${markdownTable(['exit code', 'meaning'], codes)}

\`\`\`text
${helpOf(program)}\`\`\`

${sections.join('\n\n')}
`,
  };
}

function withSubcommands(command: Command): { title: string; help: string }[] {
  if (command.commands.length > 0) return command.commands.flatMap(withSubcommands);
  const names = [command.name()];
  for (let parent = command.parent; parent; parent = parent.parent) names.unshift(parent.name());
  return [{ title: names.join(' '), help: helpOf(command) }];
}

function helpOf(command: Command): string {
  command.configureHelp({ helpWidth: helpColumns });
  command.configureOutput({ getOutHasColors: () => false, getOutHelpWidth: () => helpColumns });
  return command.helpInformation();
}
