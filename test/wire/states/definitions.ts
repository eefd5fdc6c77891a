import { ValidateStateMachineDefinitionCommand } from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { machine, type StatesSubject } from './subject.ts';

const end = { Type: 'Pass', End: true };
const wrong: readonly (readonly [title: string, definition: object])[] = [
  ['no states', {}],
  ['a dangling Next', machine({ A: { Type: 'Pass', Next: 'X' } })],
  ['a start that is none of the states', machine({ A: end }, { StartAt: 'X' })],
  ['a type that does not exist', machine({ A: { Type: 'Sleep', End: true } })],
  ['a state without a next one or an end', machine({ A: { Type: 'Pass' } })],
  ['a state that nothing leads to', machine({ A: end, B: end })],
  ['an expression that cannot be parsed', machine({ A: { ...end, Output: '{% $foo( %}' } })],
  ['a wait without a time', machine({ A: { Type: 'Wait', End: true } })],
  ['a choice without choices', machine({ A: { Type: 'Choice', Default: 'B' }, B: { Type: 'Succeed' } })],
  [
    'a catcher that leads nowhere',
    machine({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: 'f' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'X' }],
        End: true,
      },
    }),
  ],
  ['a field of JSONPath in a JSONata state', machine({ A: { ...end, ResultPath: '$.x' } })],
];

async function validate({ client }: StatesSubject, definition: object) {
  const text = JSON.stringify(definition);
  return await client.send(new ValidateStateMachineDefinitionCommand({ definition: text }));
}

/** Definitions that are refused before anything runs. */
export const definitionSuite: WireSuite<StatesSubject> = {
  'finds nothing wrong with a right definition': async (subject) => {
    expect(await validate(subject, machine({ A: end }))).toMatchObject({ result: 'OK', diagnostics: [] });
  },
  ...Object.fromEntries(
    wrong.map(([title, definition]) => [
      `refuses a definition with ${title}`,
      async (subject: StatesSubject) => {
        const { result, diagnostics } = await validate(subject, definition);
        expect(result).toBe('FAIL');
        expect(diagnostics?.[0]).toMatchObject({ severity: 'ERROR', code: expect.any(String) });
      },
    ]),
  ),
};
