import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsOperator } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { canSeeProcesses, functionProcesses } from './processes.ts';
import { exampleText } from './project.ts';

const lookEveryMs = 30;
/** Whoever is called while somebody waits (APIs, questions among services) fails its caller; all others are called again. */
const isCalledAgain = /-(task|on|publish|plan|check)-[a-z-]+$/;

describe.skipIf(deployedUrl || !canSeeProcesses)(
  'where the first process of every function is killed at work',
  () => {
    let platform: Platform;
    let journey: ProjectJourney;
    let aws: AwsOperator;
    const killed = new Set<string>();
    let killer: NodeJS.Timeout;

    beforeAll(async () => {
      platform = await Platform.startLaptop();
      journey = new ProjectJourney(platform);
      aws = new AwsOperator(platform);
      await journey.apply();
      const { endpoint } = platform.aws;
      killer = setInterval(() => {
        for (const { pid, functionName } of functionProcesses(endpoint)) {
          if (!isCalledAgain.test(functionName) || killed.has(functionName)) continue;
          process.kill(pid, 'SIGKILL');
          killed.add(functionName);
        }
      }, lookEveryMs);
    });
    afterAll(async () => {
      clearInterval(killer);
      await platform?.close();
    });

    it('a journey comes to its end, and nothing is done twice', async () => {
      await journey.bringIntoService(exampleText('data/first-upload.csv'));
      expect(await journey.counts()).toEqual({
        datasetVersions: 1,
        trainings: 1,
        modelVersions: 1,
        approvals: 1,
        releases: 1,
      });
      const { trainingJobs, transformJobs, endpoints } = await aws.bought();
      expect([trainingJobs.length, transformJobs.length, endpoints.length]).toEqual([1, 1, 1]);
    });

    it('they really were at work', async () => {
      const steps = [
        'millrace-local-datasets-on-object-created',
        'millrace-local-validation-on-dataset-version-created',
        'millrace-local-validation-plan-check',
        'millrace-local-validation-check-rows-small',
        'millrace-local-feature-store-task-build-training-set',
        'millrace-local-training-on-sagemaker-job-changed',
        'millrace-local-registry-task-register-model-version',
        'millrace-local-deployment-task-create-endpoint',
      ];
      for (const step of steps) {
        expect(killed).toContain(step);
        expect(await aws.count(step, 'Errors'), step).toBeGreaterThanOrEqual(1);
      }
    });
  },
);
