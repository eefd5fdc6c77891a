import { runProgram } from '#shared/processing/program.ts';
import { runProcessing } from './run-processing.ts';

await runProgram(runProcessing);
