import { rmSync } from 'node:fs';
import validate from 'asl-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTemplate, type SynthesizedStage, synthesizeStage } from './parts/synthesis.ts';
import { definitionOf, type Flow } from './state-machines/definition.ts';
import { expressionFaults } from './state-machines/expressions.ts';

/** A copy that asl-validator may write into, and takes: it holds empty strings and line breaks for broken expressions. */
const copyOf = (flow: Flow): Flow =>
  JSON.parse(JSON.stringify(flow), (_, value) =>
    typeof value === 'string' ? value.replaceAll('\n', ' ') || 'empty' : value,
  ) as Flow;

describe('state machines', () => {
  const stages: SynthesizedStage[] = [];
  /** By stage and machine, e.g. `prod training`. */
  const machines = new Map<string, Flow>();

  beforeAll(async () => {
    for (const stage of ['local', 'dev', 'prod']) stages.push(await synthesizeStage(stage));
    for (const { stage, templateFiles } of stages) {
      for (const { Type, Properties } of templateFiles.flatMap((file) =>
        Object.values(readTemplate(file).Resources),
      )) {
        if (Type !== 'AWS::StepFunctions::StateMachine') continue;
        const name = String(Properties['StateMachineName']).replace(`millrace-${stage}-`, '');
        machines.set(`${stage} ${name}`, definitionOf(Properties['DefinitionString']));
      }
    }
  });
  afterAll(() => {
    for (const { folder } of stages) rmSync(folder, { recursive: true });
  });

  it('are three in each stage', () => {
    expect([...machines.keys()].sort()).toEqual(
      ['dev', 'local', 'prod'].flatMap((stage) => [
        `${stage} materialization`,
        `${stage} release`,
        `${stage} training`,
      ]),
    );
  });

  it('are valid to asl-validator', async ({ annotate }) => {
    const verdicts = [...machines].map(([name, flow]) => [name, validate(copyOf(flow)).errorsText()]);
    expect(verdicts.filter(([, errors]) => errors !== '')).toEqual([]);
    await annotate(`${machines.size} definitions valid`);
  });

  it('hold expressions that the engine of AWS parses, on assigned variables only', async ({ annotate }) => {
    let count = 0;
    for (const [name, flow] of machines) {
      const found = await expressionFaults(flow);
      expect(found.faults, name).toEqual([]);
      count += found.count;
    }
    expect(count).toBeGreaterThan(100);
    await annotate(`${count} expressions`);
  });

  describe('with a planted fault', () => {
    type Planted = Record<string, Record<string, unknown>>;
    const planted = (fault: (states: Planted) => void): Flow => {
      const flow = copyOf(machines.get('prod release')!);
      fault(flow.States as unknown as Planted);
      return flow;
    };

    const invalid: readonly [string, (states: Planted) => void, string][] = [
      [
        'a state that nothing leads to',
        (s) => {
          s['Island'] = { Type: 'Succeed' };
        },
        'State Island is not reachable',
      ],
      [
        'a next state that is not there',
        (s) => {
          s['OpenRelease']!['Next'] = 'Nowhere';
        },
        'target: Nowhere',
      ],
      [
        'a field that the state does not have',
        (s) => {
          s['Promote']!['Argument'] = {};
        },
        '/States/Promote is invalid',
      ],
      [
        'no way on',
        (s) => {
          delete s['Promote']!['Next'];
        },
        'State "Promote" MUST contain exactly one of "End", "Next"',
      ],
      [
        'broken JSONata',
        (s) => {
          s['Promote']!['Output'] = '{% $states.( %}';
        },
        '/States/Promote/Output is invalid',
      ],
    ];
    it.each(invalid)('are refused by asl-validator: %s', (_name, fault, message) => {
      expect(validate(planted(fault)).errorsText()).toContain(message);
    });

    const faulty: readonly [string, (states: Planted) => void, string][] = [
      [
        'broken syntax',
        (s) => {
          s['Promote']!['Output'] = '{% $states.( %}';
        },
        "Promote/Output: '$states.(' cannot be parsed",
      ],
      [
        'an operator of a newer JSONata',
        (s) => {
          s['Promote']!['Output'] = "{% $release.note ?? '' %}";
        },
        'cannot be parsed',
      ],
      [
        '$eval',
        (s) => {
          s['Promote']!['Output'] = "{% $eval('1') %}";
        },
        'Promote/Output: calls $eval',
      ],
      [
        'a variable that nothing assigns',
        (s) => {
          s['Promote']!['Output'] = '{% $nobody %}';
        },
        '$nobody is not assigned',
      ],
      [
        'a variable that one of two ways leaves unassigned',
        (s) => {
          s['Close']!['Output'] = '{% $endpointName %}';
        },
        'Close/Output: $endpointName is not assigned on every way',
      ],
      [
        'a variable read where it is assigned',
        (s) => {
          s['Promote']!['Assign'] = { a: 1, b: '{% $a %}' };
        },
        'Promote/Assign/b: $a is not assigned',
      ],
      [
        'a result before there is one',
        (s) => {
          s['Promote']!['Arguments'] = '{% $states.result %}';
        },
        '$states has no result there',
      ],
      [
        'an input that Step Functions does not give',
        (s) => {
          s['Promote']!['Output'] = '{% input.name %}';
        },
        'reads input of an input',
      ],
    ];
    it('are not blamed for what an expression binds itself', async () => {
      const own =
        '{% ($twice := function($n) { $n * 2 }; $rows := [1, 2]@$row.{ "r": $row }; $map($rows, $twice) ~> $sum) %}';
      const flow = planted((states) => {
        states['Promote']!['Output'] = own;
      });
      expect((await expressionFaults(flow)).faults).toEqual([]);
    });

    it.each(faulty)('are found: %s', async (_name, fault, message) => {
      const { faults } = await expressionFaults(planted(fault));
      expect(faults.join('\n')).toContain(message);
    });
  });
});
