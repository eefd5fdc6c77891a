import type { RuntimeContext } from '../emulated-service.ts';
import type { FunctionConfig } from './function-config.ts';
import { principalOf } from './invoker.ts';

/** Writes what sandboxes print to CloudWatch Logs, where the function's role allows it: without the permission nothing is kept, as in AWS. */
export class FunctionLogs {
  readonly #context: RuntimeContext;
  /** Log streams whose function may not write them. */
  readonly #denied = new Set<string>();

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  /** Decides once per sandbox, with the permissions that its role needs for what Lambda does in its name. */
  open(config: FunctionConfig, logStreamName: string): void {
    const { region, accountId } = this.#context;
    const stream = `arn:aws:logs:${region}:${accountId}:log-group:${config.logGroupName}:log-stream:${logStreamName}`;
    const mayLog = this.#allowed(config, ['logs:CreateLogStream', 'logs:PutLogEvents'], stream);
    if (!mayLog) this.#denied.add(logStreamName);
    if (config.tracingActive) {
      this.#allowed(config, ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*');
    }
  }

  write(config: FunctionConfig, logStreamName: string, line: string): void {
    if (!this.#denied.has(logStreamName)) this.#context.logs.append(config.logGroupName, logStreamName, line);
  }

  #allowed(config: FunctionConfig, actions: readonly string[], resource: string): boolean {
    try {
      this.#context.iam.demand(
        principalOf(config),
        actions.map((action) => ({ action, resource })),
      );
      return true;
    } catch (error) {
      this.#context.log('lambda', `function may not ${actions.join(', ')}`, {
        function: config.name,
        error: String(error),
      });
      return false;
    }
  }
}
