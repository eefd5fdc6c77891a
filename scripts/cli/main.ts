import { CommanderError } from 'commander';
import pc from 'picocolors';
import { CliFailure, exitCodes } from './failure.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  } else if (error instanceof CliFailure) {
    process.stderr.write(
      `${pc.red('millrace:')} ${[error.message, ...error.details.map((line) => `  ${line}`)].join('\n')}\n`,
    );
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
