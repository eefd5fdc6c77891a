import pc from 'picocolors';
import type { Journey } from '#services/governance/contract.ts';
import { duration } from './output.ts';

type Step = Journey['steps'][number];

const marks: Readonly<Record<Step['status'], string>> = {
  running: pc.cyan('◌'),
  waiting: pc.yellow('◷'),
  done: pc.green('✓'),
  failed: pc.red('✗'),
  skipped: pc.dim('–'),
};

const leastTitleWidth = 22;

/** So wide that what follows titles stands below each other. */
export const titleWidthOf = ({ steps }: Journey): number =>
  Math.max(leastTitleWidth, ...steps.map(({ title }) => title.length));

/** One line of a step: mark, title, time taken, what a person wants to know of it. */
export function stepLine(step: Step, nowMs: number, titleWidth: number): string {
  const ms = (step.endedAt ? Date.parse(step.endedAt) : nowMs) - Date.parse(step.startedAt);
  return `  ${marks[step.status]} ${step.title.padEnd(titleWidth)} ${pc.dim(duration(Math.max(0, ms)).padStart(9))}  ${step.summary}`;
}

/** A journey as text: its cause, then its steps. */
export function journeyText(journey: Journey, nowMs: number): string {
  const total =
    (['done', 'failed'].includes(journey.status) ? Date.parse(journey.updatedAt) : nowMs) -
    Date.parse(journey.startedAt);
  const head = `${pc.bold(journey.cause)} ${pc.dim(`(${journey.journeyId}, ${journey.status}, ${duration(Math.max(0, total))})`)}`;
  const width = titleWidthOf(journey);
  return [head, ...journey.steps.map((step) => stepLine(step, nowMs, width)), ...waitingText(journey)].join(
    '\n',
  );
}

/** What somebody has to do now, if anything. */
export function waitingText(journey: Journey): string[] {
  if (!journey.waitingFor) return [];
  if (journey.waitingFor.kind === 'contract') {
    const { suggestionId } = journey.waitingFor;
    return [
      '',
      '  Waiting for a contract. Look at what the data suggests, then answer with one of:',
      `    npx millrace contract suggestion ${journey.project} ${suggestionId} --output contract.yaml`,
      `    npx millrace contract approve ${journey.project} ${suggestionId} [--file contract.yaml] --comment "why"`,
      `    npx millrace contract refuse ${journey.project} ${suggestionId} --comment "why"`,
    ];
  }
  const { approvalId, approvers } = journey.waitingFor;
  const who = approvers.length > 0 ? approvers.join(', ') : 'anybody with the role approver';
  return [
    '',
    `  Waiting for approval by ${who}. Answer with one of:`,
    `    npx millrace approve ${approvalId}`,
    `    npx millrace reject ${approvalId} --comment "why"`,
  ];
}

/**
 * Prints a journey as it happens: each change of a step becomes a line, and on a terminal the running steps' lines are
 * rewritten in place with their elapsed time.
 */
export interface JourneyPrinter {
  show(journey: Journey): void;
}

export function createJourneyPrinter(
  stream: NodeJS.WriteStream,
  now: () => number = Date.now,
): JourneyPrinter {
  const settled = new Set<string>();
  let liveLines = 0;
  let headed = '';
  return {
    show(journey) {
      if (stream.isTTY && liveLines > 0) stream.write(`\u001b[${liveLines}A\u001b[0J`);
      liveLines = 0;
      if (headed !== journey.journeyId) {
        headed = journey.journeyId;
        stream.write(`${pc.bold(journey.cause)} ${pc.dim(journey.journeyId)}\n`);
      }
      const width = titleWidthOf(journey);
      for (const step of journey.steps) {
        const key = `${journey.journeyId}/${step.step}/${step.startedAt}/${step.status}`;
        const live = step.status === 'running' || step.status === 'waiting';
        if (live && stream.isTTY) {
          stream.write(`${stepLine(step, now(), width)}\n`);
          liveLines += 1;
        } else if (!settled.has(key) && (step.status !== 'running' || stream.isTTY)) {
          settled.add(key);
          stream.write(`${stepLine(step, now(), width)}\n`);
        }
      }
    },
  };
}
