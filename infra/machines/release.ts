import { expireApproval, requestApproval } from '#services/approvals/contract.ts';
import {
  closeRelease,
  createEndpoint,
  judgeCanary,
  openRelease,
  promoteVersion,
  retireEndpoint,
  rollBackVersion,
  startCanary,
  watchCanary,
} from '#services/deployment/contract.ts';
import { evaluateVersion } from '#services/evaluation/contract.ts';
import { moveAlias } from '#services/registry/contract.ts';
import { startTransformJob } from '#services/training/contract.ts';
import type { TaskDefinition } from '#shared/contracts/call.ts';
import { invokeTask } from '../constructs/invoke-task.ts';
import type { Catcher, State, StateMachineDefinition } from '../constructs/states-language.ts';
import type { PlatformNames } from '../platform.ts';
import { retryQuota } from './training.ts';

/** Step Functions ends every execution after one year. */
export const releaseTimeoutSeconds = 365 * 86_400;

const stepSeconds = 120;
/** Opening packs what a client registered. */
const packagingSeconds = 600;
/** SageMaker gives up on an endpoint by itself well before. */
const endpointSeconds = 2 * 3600;
const transformSeconds = 2 * 86_400;
const evaluationSeconds = 900;

const ref = {
  releaseId: '{% $release.releaseId %}',
  project: '{% $release.version.project %}',
  model: '{% $release.version.model %}',
  modelVersion: '{% $release.version.modelVersion %}',
} as const;

const cause =
  "$states.errorOutput.Error & ($states.errorOutput.Cause ? ': ' & $states.errorOutput.Cause : '')";
const causeOf = `{% ${cause} %}`;

/**
 * The release journey: evaluation of what a client registered → gates → approval by people → endpoint → canary → bake → promotion, or the way back.
 * Input: `{ metadata, input: releaseExecutionInput }`.
 */
export function releaseMachine(names: PlatformNames): {
  definition: StateMachineDefinition;
  tasks: TaskDefinition[];
} {
  const states: Record<string, State> = {
    ...untilApproved(names),
    ...untilPromoted(names),
    ...backwards(names),
  };
  return {
    definition: {
      Comment: 'Brings a registered model version into service, or says why not.',
      StartAt: 'Begin',
      States: states,
    },
    tasks: [
      openRelease,
      startTransformJob,
      evaluateVersion,
      requestApproval,
      expireApproval,
      createEndpoint,
      startCanary,
      watchCanary,
      judgeCanary,
      promoteVersion,
      moveAlias,
      rollBackVersion,
      retireEndpoint,
      closeRelease,
    ],
  };
}

/** To the end of the release with a reason, from whatever went wrong at a step. */
const closes = (
  step: 'gates' | 'approval' | 'deployment',
  errors: string[] = ['States.ALL'],
  next = 'Close',
): Catcher => ({
  ErrorEquals: errors,
  Next: next,
  Assign: { ending: { step, reason: causeOf } },
});

function untilApproved(names: PlatformNames): Record<string, State> {
  return {
    Begin: { Type: 'Pass', Assign: { release: '{% $states.input.input %}' }, Next: 'OpenRelease' },
    OpenRelease: invokeTask(names, openRelease, {
      input: '{% $release %}',
      assign: { settings: '{% $states.result.Payload %}' },
      timeoutSeconds: packagingSeconds,
      next: 'IsEvaluated',
      catch: [closes('deployment')],
    }),
    ...evaluated(names),
    GatesPassed: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $settings.gatesPassed %}', Next: 'AwaitApproval' }],
      Default: 'GatesFailed',
    },
    GatesFailed: {
      Type: 'Pass',
      Assign: { ending: { step: 'gates', reason: '{% $settings.gateSummary %}' } },
      Next: 'Close',
    },
    AwaitApproval: invokeTask(names, requestApproval, {
      input: `{% $merge([{
        'releaseId': $release.releaseId,
        'subject': $settings.subject,
        'policy': $settings.approval,
        'requestedBy': $settings.requestedBy,
        'metrics': $settings.metrics
      }, $exists($settings.note) ? { 'note': $settings.note } : {}]) %}`,
      timeoutSeconds: '{% $settings.approval.expiresAfterSeconds %}',
      next: 'CreateEndpoint',
      catch: [closes('approval', ['States.Timeout'], 'ExpireApproval'), closes('approval')],
    }),
    ExpireApproval: invokeTask(names, expireApproval, {
      input: { releaseId: ref.releaseId },
      timeoutSeconds: stepSeconds,
      next: 'NobodyDecided',
      catch: [closes('approval')],
    }),
    NobodyDecided: {
      Type: 'Pass',
      Assign: { ending: { step: 'approval', reason: 'Nobody decided in time.' } },
      Next: 'Close',
    },
    Close: invokeTask(names, closeRelease, {
      input: { ...ref, step: '{% $ending.step %}', reason: '{% $substring($ending.reason, 0, 4000) %}' },
      timeoutSeconds: stepSeconds,
      next: 'Closed',
    }),
    Closed: { Type: 'Succeed' },
  };
}

/** A client's version predicts the held-out rows as a training's does, and what serves now predicts the same ones. */
function evaluated(names: PlatformNames): Record<string, State> {
  const cannot: Catcher = {
    ErrorEquals: ['States.ALL'],
    Next: 'Close',
    Assign: { ending: { step: 'gates', reason: `{% 'The platform could not evaluate it. ' & ${cause} %}` } },
  };
  return {
    IsEvaluated: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($settings.evaluation) %}', Next: 'PredictHeldOut' }],
      Default: 'GatesPassed',
    },
    PredictHeldOut: {
      Type: 'Map',
      Items: '{% $settings.evaluation.candidates %}',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Predict',
        States: {
          Predict: invokeTask(names, startTransformJob, {
            input: {
              project: ref.project,
              trainingId: ref.releaseId,
              candidate: '{% $states.input.candidate %}',
              artifact: '{% $states.input.artifact %}',
              trainingImage: '{% $states.input.trainingImage %}',
              instanceType: '{% $settings.evaluation.instanceType %}',
              features: '{% $settings.evaluation.features %}',
            },
            timeoutSeconds: transformSeconds,
            retry: [retryQuota],
          }),
        },
      },
      Assign: { predictions: '{% $states.result %}' },
      Next: 'EvaluateVersion',
      Catch: [cannot],
    },
    EvaluateVersion: invokeTask(names, evaluateVersion, {
      input: `{% $merge([{
        'project': $release.version.project,
        'projectRevision': $release.version.projectRevision,
        'releaseId': $release.releaseId,
        'model': $release.version.model,
        'modelVersion': $release.version.modelVersion,
        'trainingSetId': $settings.evaluation.trainingSetId,
        'datasetVersion': $settings.evaluation.datasetVersion,
        'signature': $settings.evaluation.signature,
        'labels': $settings.evaluation.labels,
        'predictions': $predictions[candidate = 'challenger'].predictions
      }, $exists($settings.evaluation.championVersion) ? { 'champion': {
        'modelVersion': $settings.evaluation.championVersion,
        'predictions': $predictions[candidate = 'champion'].predictions
      } } : {}]) %}`,
      assign: { evaluation: '{% $states.result.Payload %}' },
      timeoutSeconds: evaluationSeconds,
      next: 'TakeVerdict',
      catch: [cannot],
    }),
    TakeVerdict: {
      Type: 'Pass',
      Assign: {
        settings: `{% $merge([$settings, {
          'gatesPassed': $evaluation.verdict = 'Pass',
          'gateSummary': 'The evaluation of version ' & $release.version.modelVersion & ' ended with ' & $evaluation.verdict & '. '
            & $join($evaluation.gates[verdict != 'Pass'].message, ' ') & ' Its report is ' & $evaluation.report.uri & '.',
          'metrics': $evaluation.metrics,
          'subject': $merge([$settings.subject, { 'evaluationReport': $evaluation.report }])
        }]) %}`,
      },
      Next: 'GatesPassed',
    },
  };
}

function untilPromoted(names: PlatformNames): Record<string, State> {
  const rollsBack: Catcher = {
    ErrorEquals: ['States.ALL'],
    Next: 'RollBack',
    Assign: { verdict: { reason: causeOf, alarms: [] } },
  };
  return {
    CreateEndpoint: invokeTask(names, createEndpoint, {
      input: '{% $release %}',
      assign: { endpointName: '{% $states.result.endpointName %}' },
      timeoutSeconds: endpointSeconds,
      next: 'StartCanary',
      catch: [closes('deployment', ['States.ALL'], 'RemoveEndpoint')],
    }),
    RemoveEndpoint: invokeTask(names, retireEndpoint, {
      input: ref,
      timeoutSeconds: stepSeconds,
      next: 'Close',
      catch: [{ ErrorEquals: ['States.ALL'], Next: 'Close' }],
    }),
    StartCanary: invokeTask(names, startCanary, {
      input: { ...ref, endpointName: '{% $endpointName %}' },
      assign: { canary: '{% $states.result.Payload %}' },
      timeoutSeconds: stepSeconds,
      next: 'Bake',
      // Another release of the project may bake for a day: ask again until it is over.
      retry: [
        {
          ErrorEquals: ['RolloutInProgress'],
          IntervalSeconds: 5,
          BackoffRate: 1.5,
          MaxDelaySeconds: 300,
          MaxAttempts: 2000,
          JitterStrategy: 'FULL',
        },
      ],
      catch: [rollsBack],
    }),
    Bake: invokeTask(names, watchCanary, {
      input: { ...ref, alarmNames: '{% $canary.alarmNames %}' },
      timeoutSeconds: '{% $settings.bakeSeconds %}',
      next: 'JudgeCanary',
      // The bake is over when nothing happened until its time is up.
      catch: [{ ErrorEquals: ['States.Timeout'], Next: 'JudgeCanary' }, rollsBack],
    }),
    JudgeCanary: invokeTask(names, judgeCanary, {
      input: { ...ref, alarmNames: '{% $canary.alarmNames %}' },
      assign: { verdict: '{% $states.result.Payload %}' },
      timeoutSeconds: stepSeconds,
      next: 'CanaryPassed',
      catch: [rollsBack],
    }),
    CanaryPassed: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $verdict.verdict = 'Pass' %}", Next: 'Promote' }],
      Default: 'RollBack',
    },
    Promote: invokeTask(names, promoteVersion, {
      input: { ...ref, endpointName: '{% $endpointName %}' },
      assign: { promotion: '{% $states.result.Payload %}' },
      timeoutSeconds: stepSeconds,
      next: 'MoveChampion',
      catch: [rollsBack],
    }),
    MoveChampion: invokeTask(names, moveAlias, {
      input: {
        project: ref.project,
        alias: 'champion',
        modelVersion: ref.modelVersion,
        reason: "{% 'release ' & $release.releaseId %}",
      },
      timeoutSeconds: stepSeconds,
      next: 'ReplacedAnother',
    }),
    ReplacedAnother: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $exists($promotion.previousVersion) %}', Next: 'KeepPrevious' }],
      Default: 'Released',
    },
    KeepPrevious: {
      Type: 'Wait',
      Comment: 'While it is kept, one can go back at once.',
      Seconds: '{% $settings.graceSeconds %}',
      Next: 'RetirePrevious',
    },
    RetirePrevious: invokeTask(names, retireEndpoint, {
      input: { ...ref, modelVersion: '{% $promotion.previousVersion %}' },
      timeoutSeconds: stepSeconds,
      next: 'Released',
    }),
    Released: { Type: 'Succeed' },
  };
}

function backwards(names: PlatformNames): Record<string, State> {
  return {
    RollBack: invokeTask(names, rollBackVersion, {
      input: {
        ...ref,
        reason: '{% $substring($verdict.reason, 0, 4000) %}',
        alarms: '{% $verdict.alarms %}',
      },
      timeoutSeconds: stepSeconds,
      next: 'KeepRolledBack',
    }),
    KeepRolledBack: {
      Type: 'Wait',
      Comment: 'Kept for whoever wants to see why.',
      Seconds: '{% $settings.graceSeconds %}',
      Next: 'RetireRolledBack',
    },
    RetireRolledBack: invokeTask(names, retireEndpoint, {
      input: ref,
      timeoutSeconds: stepSeconds,
      next: 'RolledBack',
    }),
    RolledBack: { Type: 'Succeed' },
  };
}
