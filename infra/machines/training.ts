import { evaluateModel } from '#services/evaluation/contract.ts';
import { buildTrainingSet } from '#services/feature-store/contract.ts';
import { registerModelVersion } from '#services/registry/contract.ts';
import { finishRun, logModel, startRun } from '#services/tracking/contract.ts';
import {
  completeTraining,
  failTraining,
  planTraining,
  startTrainingJob,
  startTransformJob,
} from '#services/training/contract.ts';
import type { TaskDefinition } from '#shared/contracts/call.ts';
import { invokeTask } from '../constructs/invoke-task.ts';
import type { Catcher, Retrier, State, StateMachineDefinition } from '../constructs/states-language.ts';
import type { PlatformNames } from '../platform.ts';

/** Longer than the longest training job that SageMaker allows (28 days) with queueing. */
export const trainingTimeoutSeconds = 40 * 86_400;

/** A task that computes, not waits: longer than its function’s own limit of 15 minutes is never right. */
const computeSeconds = 900;
const transformSeconds = 2 * 86_400;

/** The account runs as many jobs as its quota allows: others end, or somebody raises it. Asked again for about a day. */
export const retryQuota: Retrier = {
  ErrorEquals: ['SagemakerQuotaReached'],
  IntervalSeconds: 60,
  BackoffRate: 1.5,
  MaxDelaySeconds: 900,
  MaxAttempts: 100,
  JitterStrategy: 'FULL',
};

/**
 * The training journey: training set → plan → run → SageMaker training → held-out predictions of the new model and of the
 * champion → evaluation → the model as MLflow's clients load it → registration. Input: `{ metadata, input: trainingExecutionInput }`.
 */
export function trainingMachine(names: PlatformNames): {
  definition: StateMachineDefinition;
  tasks: TaskDefinition[];
} {
  const failsAt = (step: string): Catcher[] => [
    {
      ErrorEquals: ['States.ALL'],
      Next: 'RunBegan',
      Assign: {
        failure: {
          step,
          error: '{% $states.errorOutput.Error %}',
          cause: '{% $substring($string($states.errorOutput.Cause), 0, 30000) %}',
        },
      },
    },
  ];
  const project = '{% $request.project %}';
  const trainingId = '{% $request.trainingId %}';
  const states: Record<string, State> = {
    Begin: {
      Type: 'Pass',
      Assign: { request: '{% $states.input.input %}', runId: '' },
      Next: 'BuildTrainingSet',
    },
    BuildTrainingSet: invokeTask(names, buildTrainingSet, {
      input: {
        project,
        projectRevision: '{% $request.projectRevision %}',
        datasetVersion: '{% $request.datasetVersion %}',
        asOf: '{% $request.asOf %}',
      },
      assign: { trainingSet: '{% $states.result.Payload %}' },
      timeoutSeconds: computeSeconds,
      next: 'PlanTraining',
      catch: failsAt('training set'),
    }),
    PlanTraining: invokeTask(names, planTraining, {
      input: {
        project,
        projectRevision: '{% $request.projectRevision %}',
        trainingId,
        trainingSet: '{% $trainingSet %}',
      },
      assign: { plan: '{% $states.result.Payload %}' },
      timeoutSeconds: 60,
      next: 'StartRun',
      catch: failsAt('plan'),
    }),
    StartRun: invokeTask(names, startRun, {
      input: {
        project,
        trainingId,
        runName: "{% 'training-' & $request.trainingId %}",
        params: '{% $plan.runParams %}',
        tags: '{% $plan.runTags %}',
      },
      assign: { runId: '{% $states.result.Payload.runId %}' },
      timeoutSeconds: 60,
      next: 'Train',
      catch: failsAt('run'),
    }),
    Train: invokeTask(names, startTrainingJob, {
      input: {
        project,
        trainingId,
        runId: '{% $runId %}',
        plan: '{% $plan %}',
        trainingSet: '{% $trainingSet %}',
      },
      assign: { job: '{% $states.result %}' },
      timeoutSeconds: '{% $plan.waitSeconds %}',
      retry: [retryQuota],
      next: 'PredictHeldOut',
      catch: failsAt('training job'),
    }),
    PredictHeldOut: predictHeldOut(names, failsAt('held-out predictions')),
    Evaluate: invokeTask(names, evaluateModel, {
      input: `{% $merge([{
        'project': $request.project,
        'projectRevision': $request.projectRevision,
        'trainingId': $request.trainingId,
        'runId': $runId,
        'signature': $trainingSet.signature,
        'labels': $trainingSet.testLabels,
        'predictions': $predictions[candidate = 'challenger'].predictions
      }, $exists($plan.champion) ? { 'champion': {
        'modelVersion': $plan.champion.modelVersion,
        'predictions': $predictions[candidate = 'champion'].predictions
      } } : {}]) %}`,
      assign: { evaluation: '{% $states.result.Payload %}' },
      timeoutSeconds: computeSeconds,
      next: 'LogModel',
      catch: failsAt('evaluation'),
    }),
    LogModel: invokeTask(names, logModel, {
      input: {
        project,
        runId: '{% $runId %}',
        artifact: '{% $job.artifact %}',
        signature: '{% $trainingSet.signature %}',
      },
      assign: { source: '{% $states.result.Payload.source %}' },
      timeoutSeconds: computeSeconds,
      next: 'Register',
      catch: failsAt('model'),
    }),
    Register: register(names, failsAt('registration')),
    FinishRun: invokeTask(names, finishRun, {
      input: {
        project,
        runId: '{% $runId %}',
        status: 'FINISHED',
        metrics:
          "{% $merge([$job.metrics, $each($evaluation.metrics, function($value, $name) { { 'test_' & $name: $value } })]) %}",
        tags: { 'millrace.model_version': '{% $string($modelVersion) %}' },
      },
      timeoutSeconds: 60,
      next: 'Complete',
      catch: failsAt('run'),
    }),
    Complete: invokeTask(names, completeTraining, {
      input: {
        project,
        trainingId,
        runId: '{% $runId %}',
        jobName: '{% $job.jobName %}',
        artifact: '{% $job.artifact %}',
        modelVersion: '{% $modelVersion %}',
        metrics: '{% $evaluation.metrics %}',
        billableSeconds: '{% $job.billableSeconds %}',
      },
      timeoutSeconds: 60,
      catch: failsAt('completion'),
    }),
    RunBegan: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $runId != '' %}", Next: 'FailRun' }],
      Default: 'EndFlight',
    },
    FailRun: invokeTask(names, finishRun, {
      input: {
        project,
        runId: '{% $runId %}',
        status: 'FAILED',
        metrics: {},
        tags: { 'millrace.failure': "{% $failure.step & ': ' & $failure.error %}" },
      },
      timeoutSeconds: 60,
      next: 'EndFlight',
      catch: [{ ErrorEquals: ['States.ALL'], Next: 'EndFlight' }],
    }),
    EndFlight: invokeTask(names, failTraining, {
      input: {
        project,
        trainingId,
        step: '{% $failure.step %}',
        error: '{% $failure.error %}',
        cause: '{% $failure.cause %}',
      },
      timeoutSeconds: 60,
      next: 'Failed',
    }),
    Failed: { Type: 'Fail', Error: '{% $failure.error %}', Cause: '{% $failure.cause %}' },
  };
  return {
    definition: {
      Comment: 'Trains, evaluates and registers a model version.',
      StartAt: 'Begin',
      States: states,
    },
    tasks: [
      buildTrainingSet,
      planTraining,
      startRun,
      startTrainingJob,
      startTransformJob,
      evaluateModel,
      logModel,
      registerModelVersion,
      finishRun,
      completeTraining,
      failTraining,
    ],
  };
}

/** Both candidates predict the same held-out rows, so that they are compared on equal terms. */
function predictHeldOut(names: PlatformNames, catchers: Catcher[]): State {
  return {
    Type: 'Map',
    Items: `{% $append(
      [{ 'candidate': 'challenger', 'artifact': $job.artifact, 'trainingImage': $plan.trainingImage }],
      $exists($plan.champion) ? [{ 'candidate': 'champion', 'artifact': $plan.champion.artifact, 'trainingImage': $plan.champion.trainingImage }] : []
    ) %}`,
    MaxConcurrency: 2,
    ItemProcessor: {
      StartAt: 'Predict',
      States: {
        Predict: invokeTask(names, startTransformJob, {
          input: {
            project: '{% $request.project %}',
            trainingId: '{% $request.trainingId %}',
            candidate: '{% $states.input.candidate %}',
            artifact: '{% $states.input.artifact %}',
            trainingImage: '{% $states.input.trainingImage %}',
            instanceType: '{% $plan.instanceType %}',
            features: '{% $trainingSet.testFeatures %}',
          },
          timeoutSeconds: transformSeconds,
          retry: [retryQuota],
        }),
      },
    },
    Assign: { predictions: '{% $states.result %}' },
    Next: 'Evaluate',
    Catch: catchers,
  };
}

function register(names: PlatformNames, catchers: Catcher[]): State {
  return invokeTask(names, registerModelVersion, {
    input: {
      project: '{% $request.project %}',
      model: '{% $request.project %}',
      runId: '{% $runId %}',
      trainingId: '{% $request.trainingId %}',
      artifact: '{% $job.artifact %}',
      trainingImage: '{% $plan.trainingImage %}',
      signature: '{% $trainingSet.signature %}',
      metrics: '{% $evaluation.metrics %}',
      evaluation: `{% $merge([
        { 'verdict': $evaluation.verdict, 'report': $evaluation.report },
        $exists($plan.champion) ? { 'championVersion': $plan.champion.modelVersion } : {}
      ]) %}`,
      reference: {
        features: '{% $trainingSet.trainFeatures %}',
        predictions: "{% $predictions[candidate = 'challenger'].predictions %}",
      },
      recipe: {
        datasetVersion: '{% $request.datasetVersion %}',
        datasetSha256: '{% $trainingSet.datasetSha256 %}',
        trainingSetId: '{% $trainingSet.trainingSetId %}',
        trainingSetSha256: '{% $trainingSet.contentSha256 %}',
        projectRevision: '{% $request.projectRevision %}',
        codeVersion: '{% $plan.codeVersion %}',
        trainingImage: '{% $plan.trainingImage %}',
        seed: '{% $plan.seed %}',
        hyperparameters: '{% $plan.hyperparameters %}',
      },
      projectRevision: '{% $request.projectRevision %}',
      source: '{% $source %}',
      requestedBy: '{% $request.requestedBy %}',
    },
    assign: { modelVersion: '{% $states.result.Payload.modelVersion %}' },
    timeoutSeconds: 60,
    next: 'FinishRun',
    catch: catchers,
  });
}
