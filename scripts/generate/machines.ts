import type { State, StateMachineDefinition } from '../../infra/constructs/states-language.ts';
import { materializationMachine } from '../../infra/machines/materialization.ts';
import { releaseMachine } from '../../infra/machines/release.ts';
import { trainingMachine } from '../../infra/machines/training.ts';
import { type Artefact, generatedNote, markdownTable } from './artefact.ts';
import { localNames } from './stage-local.ts';

/** The state machines as diagrams, with what each state does. */
export function machines(): Artefact {
  const names = localNames();
  const training = trainingMachine(names).definition;
  const release = releaseMachine(names).definition;
  const materialization = materializationMachine(names).definition;
  return {
    path: 'docs/reference/machines.md',
    content: `# State machines

${generatedNote}

An edge labelled \`error\` is taken on any error that retries did not cure. Every task is tried again when Lambda itself fails.

${section('training', training)}

${section('release', release)}

${section('materialization', materialization)}
`,
  };
}

function section(name: string, definition: StateMachineDefinition): string {
  const rows = Object.entries(definition.States).map(([state, body]) => [state, body.Type, whatItDoes(body)]);
  return `## ${name}

${definition.Comment}

\`\`\`mermaid
stateDiagram-v2
${[`[*] --> ${definition.StartAt}`, ...edgesOf(definition)].map((edge) => `  ${edge}`).join('\n')}
\`\`\`

${markdownTable(['state', 'type', 'what it does'], rows)}`;
}

function edgesOf(definition: StateMachineDefinition): string[] {
  return Object.entries(definition.States).flatMap(([name, state]) =>
    transitionsOf(state).map(({ to, when }) => `${name} --> ${to}${when ? ` : ${when}` : ''}`),
  );
}

interface TransitionTo {
  readonly to: string;
  readonly when?: string;
}

function transitionsOf(state: State): TransitionTo[] {
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [{ to: '[*]' }];
  if (state.Type === 'Choice')
    return [
      ...state.Choices.map(({ Next, Condition }) => ({ to: Next, when: conditionText(Condition) })),
      ...(state.Default ? [{ to: state.Default, when: 'otherwise' }] : []),
    ];
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  return [
    { to: 'Next' in state ? state.Next : '[*]' },
    ...catchers.map(({ ErrorEquals, Next }) => ({
      to: Next,
      when: ErrorEquals.includes('States.ALL') ? 'error' : ErrorEquals.join(', '),
    })),
  ];
}

/** The JSONata of a condition without its brackets and variable signs, which Mermaid does not take. */
const conditionText = (condition: string): string =>
  condition
    .replace(/^\{%\s*/, '')
    .replace(/\s*%\}$/, '')
    .replaceAll('$', '');

function whatItDoes(state: State): string {
  if (state.Type === 'Task') return `${functionOf(state.Arguments)}: ${state.Comment ?? ''}`;
  if (state.Type === 'Map')
    return `For each item: ${Object.values(state.ItemProcessor.States).map(whatItDoes).join('; ')}`;
  return state.Comment ?? '';
}

function functionOf(args: unknown): string {
  const arn = String((args as { FunctionName?: unknown }).FunctionName);
  return `\`${arn.slice(arn.lastIndexOf(':') + 1).replace('millrace-local-', '')}\``;
}
