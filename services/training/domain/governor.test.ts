import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decide,
  decidePending,
  endFlight,
  type GovernorContext,
  type GovernorState,
  idleGovernor,
  type TrainingRequest,
} from './governor.ts';

type State = GovernorState<string>;
const context: GovernorContext = {
  now: new Date('2026-01-01T12:00:00.000Z'),
  policy: {
    onNewData: 'always',
    retrainOn: ['drift', 'performance'],
    cooldownSeconds: 0,
    maxTrainingsPerDay: 24,
  },
  hasChampion: false,
};
const withPolicy = (policy: Partial<GovernorContext['policy']>, hasChampion = false): GovernorContext => ({
  ...context,
  hasChampion,
  policy: { ...context.policy, ...policy },
});
const request = (parts: Partial<TrainingRequest<string>> = {}): TrainingRequest<string> => ({
  trigger: 'Data',
  reasons: ['new data'],
  datasetVersion: 1,
  projectRevision: 1,
  requestedBy: 'ann',
  origin: 'origin',
  ...parts,
});
const flying: State = {
  startedOnDay: 1,
  day: '2026-01-01',
  flight: { trainingId: 'T0', since: '2026-01-01T11:00:00.000Z' },
};

describe('the governor', () => {
  it('lets a training begin when nothing is in the way', () => {
    const decision = decide<string>(idleGovernor, request(), 'T1', context);
    expect(decision).toMatchObject({
      decision: 'begin',
      state: { flight: { trainingId: 'T1', since: '2026-01-01T12:00:00.000Z' }, startedOnDay: 1 },
    });
  });

  it.each<[string, TrainingRequest<string>, GovernorContext, State, string, RegExp]>([
    [
      'data when the project never trains on it',
      request(),
      withPolicy({ onNewData: 'never' }),
      idleGovernor,
      'Policy',
      /onNewData is never/,
    ],
    [
      'data when first, and there is a champion',
      request(),
      withPolicy({ onNewData: 'first' }, true),
      idleGovernor,
      'Policy',
      /a champion already/,
    ],
    [
      'data when first, and there is a flight',
      request(),
      withPolicy({ onNewData: 'first' }),
      flying,
      'Policy',
      /a training in flight already/,
    ],
    [
      'drift that the project does not name',
      request({ trigger: 'Drift' }),
      withPolicy({ retrainOn: [] }),
      idleGovernor,
      'Policy',
      /does not name drift/,
    ],
    [
      'performance that it does not name',
      request({ trigger: 'Performance' }),
      withPolicy({ retrainOn: ['drift'] }),
      idleGovernor,
      'Policy',
      /does not name performance/,
    ],
    [
      'whatever meets a flight',
      request({ trigger: 'Manual' }),
      context,
      flying,
      'InFlight',
      /T0 is in flight since 2026-01-01T11:00:00.000Z/,
    ],
    [
      'drift within the cooldown',
      request({ trigger: 'Drift' }),
      withPolicy({ cooldownSeconds: 3600 }),
      { startedOnDay: 0, lastEndedAt: '2026-01-01T11:30:00.000Z' },
      'Cooldown',
      /until 2026-01-01T12:30:00.000Z/,
    ],
    [
      'more than the day allows',
      request({ trigger: 'Manual' }),
      withPolicy({ maxTrainingsPerDay: 2 }),
      { startedOnDay: 2, day: '2026-01-01' },
      'Budget',
      /2 trainings began today .* allows 2/,
    ],
  ])('suppresses %s', (_case, asked, when, state, rule, message) => {
    expect(decide(state, asked, 'T1', when)).toMatchObject({
      decision: 'suppress',
      rule,
      message: expect.stringMatching(message),
    });
  });

  it('holds a person’s request back by no cooldown, and counts each day anew', () => {
    const state: State = { startedOnDay: 24, day: '2025-12-31', lastEndedAt: '2026-01-01T11:59:00.000Z' };
    const decision = decide(
      state,
      request({ trigger: 'Manual' }),
      'T1',
      withPolicy({ cooldownSeconds: 3600 }),
    );
    expect(decision).toMatchObject({ decision: 'begin', state: { startedOnDay: 1, day: '2026-01-01' } });
  });

  it('keeps the newest of the requests that met a flight, with the reasons of all', () => {
    const first = decide(flying, request({ datasetVersion: 5, reasons: ['a'] }), 'T1', context);
    const second = decide(
      first.state,
      request({ trigger: 'Drift', datasetVersion: 4, reasons: ['b'] }),
      'T2',
      context,
    );
    expect(second.state.pending).toMatchObject({ trigger: 'Drift', datasetVersion: 5, reasons: ['a', 'b'] });
    const ended = endFlight(second.state, 'T0', context.now, 'completed');
    expect(decidePending(ended, 'T3', context)).toMatchObject({
      decision: 'begin',
      request: { reasons: ['a', 'b'] },
      state: { flight: { trainingId: 'T3' } },
    });
  });

  it('remembers what it began with, whatever was merged into it', () => {
    const { state } = decide(flying, request({ trigger: 'Drift', datasetVersion: 5 }), 'T1', context);
    const ended = endFlight(state, 'T0', context.now, 'completed');
    const begun = decide(ended, request({ trigger: 'Manual', datasetVersion: 4 }), 'T2', context);
    expect(begun).toMatchObject({
      request: { datasetVersion: 5 },
      state: { lastRecipe: { datasetVersion: 5 } },
    });
  });

  it('lets what waits go on waiting through a cooldown, and drops what the policy refuses by now', () => {
    const { state } = decide(flying, request(), 'T1', context);
    const ended = endFlight(state, 'T0', context.now, 'completed');
    const cooling = decidePending(ended, 'T2', withPolicy({ cooldownSeconds: 60 }));
    expect(cooling).toMatchObject({
      decision: 'suppress',
      rule: 'Cooldown',
      state: { pending: { datasetVersion: 1 } },
    });
    const refused = decidePending(ended, 'T2', withPolicy({ onNewData: 'never' }));
    expect(refused).toMatchObject({ rule: 'Policy' });
    expect(refused?.state).not.toHaveProperty('pending');
  });

  it('asks for nothing while nothing waits or a flight goes on', () => {
    expect(decidePending<string>(idleGovernor, 'T1', context)).toBeUndefined();
    expect(decidePending(decide(flying, request(), 'T1', context).state, 'T2', context)).toBeUndefined();
  });

  it.each<[string, Partial<TrainingRequest<string>>, 'completed' | 'failed', string]>([
    ['finds nothing new in the data of the last training', { trigger: 'Drift' }, 'completed', 'suppress'],
    ['trains on newer data', { trigger: 'Drift', datasetVersion: 2 }, 'completed', 'begin'],
    ['trains by another recipe', { trigger: 'Performance', projectRevision: 2 }, 'completed', 'begin'],
    ['trains again after a failure', { trigger: 'Performance' }, 'failed', 'begin'],
    ['trains again when a person asks', { trigger: 'Manual' }, 'completed', 'begin'],
  ])('%s', (_what, parts, outcome, expected) => {
    const first = decide<string>(idleGovernor, request(), 'T1', context);
    const landed = endFlight(first.state, 'T1', context.now, outcome);
    expect(decide(landed, request(parts), 'T2', context).decision).toBe(expected);
  });

  it('drops what waited when the flight taught it', () => {
    const first = decide<string>(idleGovernor, request(), 'T1', context);
    const waiting = decide(first.state, request({ trigger: 'Drift' }), 'T2', context);
    const landed = endFlight(waiting.state, 'T1', context.now, 'completed');
    const refused = decidePending(landed, 'T3', context);
    expect(refused).toMatchObject({ decision: 'suppress', rule: 'NoNewData' });
    expect(refused?.state).not.toHaveProperty('pending');
  });

  it('ends only the flight that is named', () => {
    expect(endFlight(flying, 'T9', context.now, 'completed')).toBe(flying);
    expect(endFlight(flying, 'T0', context.now, 'completed')).toEqual({
      startedOnDay: 1,
      day: '2026-01-01',
      lastEndedAt: '2026-01-01T12:00:00.000Z',
    });
  });

  it('never flies twice at once and loses no request, whatever the order', () => {
    const step = fc.constantFrom<'ask' | 'end'>('ask', 'end');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let state: State = idleGovernor;
        let asked = 0;
        let trained = 0;
        let count = 0;
        const begin = (decision: ReturnType<typeof decidePending<string>>) => {
          if (!decision) return;
          if (decision.decision === 'begin') {
            expect(state.flight).toBeUndefined();
            trained = Math.max(trained, decision.request.datasetVersion);
          }
          state = decision.state;
        };
        for (const next of steps) {
          count++;
          if (next === 'ask') {
            asked++;
            begin(
              decide(
                state,
                request({ datasetVersion: asked }),
                `T${count}`,
                withPolicy({ maxTrainingsPerDay: 1000 }),
              ),
            );
          } else if (state.flight) {
            state = endFlight(state, state.flight.trainingId, context.now, 'completed');
            begin(decidePending(state, `T${count}`, withPolicy({ maxTrainingsPerDay: 1000 })));
          }
          expect(Math.max(trained, state.pending?.datasetVersion ?? 0)).toBe(asked);
        }
      }),
    );
  });
});
