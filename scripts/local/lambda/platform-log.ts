import type { FunctionConfig } from './function-config.ts';
import type { Invocation, Outcome } from './runtime-api.ts';

/** The line that Lambda writes before an invocation, in the function's log format. */
export function startLine(config: FunctionConfig, invocation: Invocation, nowMs: number): string {
  const { requestId, executedVersion } = invocation;
  if (config.logFormat === 'Text') return `START RequestId: ${requestId} Version: ${executedVersion}`;
  return jsonLine('platform.start', nowMs, { requestId, version: executedVersion });
}

/** The lines that Lambda writes after an invocation: duration, billed duration and the memory that was used. */
export function finishLines(
  config: FunctionConfig,
  requestId: string,
  outcome: Outcome,
  nowMs: number,
): readonly string[] {
  const memorySizeMb = config.memorySizeMb;
  const maxMemoryUsedMb = Math.ceil(outcome.maxMemoryUsedBytes / 1024 / 1024);
  const billedMs = Math.ceil(outcome.durationMs + (outcome.initDurationMs ?? 0));
  if (config.logFormat === 'Text') {
    const init = outcome.initDurationMs === undefined ? '' : `\tInit Duration: ${outcome.initDurationMs} ms`;
    return [
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${outcome.durationMs} ms\tBilled Duration: ${billedMs} ms\tMemory Size: ${memorySizeMb} MB\tMax Memory Used: ${maxMemoryUsedMb} MB${init}`,
    ];
  }
  const metrics = {
    durationMs: outcome.durationMs,
    billedDurationMs: billedMs,
    memorySizeMB: memorySizeMb,
    maxMemoryUsedMB: maxMemoryUsedMb,
    ...(outcome.initDurationMs !== undefined && { initDurationMs: outcome.initDurationMs }),
  };
  return [
    jsonLine('platform.report', nowMs, { requestId, metrics, status: outcome.failed ? 'error' : 'success' }),
  ];
}

function jsonLine(type: string, nowMs: number, record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ time: new Date(nowMs).toISOString(), type, record });
}
