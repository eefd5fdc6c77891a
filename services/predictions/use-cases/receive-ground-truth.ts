import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { Captures, RoutedVersion, Routing } from '../ports.ts';
import { nothingDeployed } from './predict.ts';

export interface ReceiveGroundTruthDeps {
  readonly routing: Routing;
  readonly captures: Captures;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

interface Label {
  readonly inferenceId: string;
  readonly value: string | number | boolean;
}

/** Takes what turned out to be true. Values are checked against what the model can say; ids are joined later, where predictions are. */
export async function receiveGroundTruth(
  deps: ReceiveGroundTruthDeps,
  project: string,
  labels: readonly Label[],
): Promise<{ accepted: number }> {
  const record = await deps.routing.read(project);
  const signature = record?.versions[0]?.signature;
  if (!signature) throw nothingDeployed(project);
  const violations = labels.flatMap((label, index) =>
    fits(label.value, signature)
      ? []
      : [
          {
            path: `labels/${index}/value`,
            message: `is ${JSON.stringify(label.value)}; allowed is ${allowed(signature)}`,
          },
        ],
  );
  if (violations.length > 0) {
    throw new AppError(
      'invalid_input',
      'InvalidLabels',
      `${violations.length} of ${labels.length} labels are not values of '${signature.target}'; allowed is ${allowed(signature)}. Nothing was taken.`,
      { violations: violations.slice(0, 50) },
    );
  }
  const at = deps.clock.now().toISOString();
  await deps.captures.saveLabels(
    deps.ids.next(),
    project,
    labels.map((label) => ({ ...label, at })),
  );
  return { accepted: labels.length };
}

type Signature = RoutedVersion['signature'];

const fits = (value: Label['value'], { task, classes }: Signature): boolean =>
  task === 'regression' ? typeof value === 'number' : classes.includes(String(value));
const allowed = ({ task, classes }: Signature): string =>
  task === 'regression' ? 'a number' : classes.join(', ');
