import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AwsOperator } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { canSeeProcesses, killFirstProcesses } from './processes.ts';
import { exampleText } from './project.ts';

describe.skipIf(deployedUrl || !canSeeProcesses)(
  'where the first process of every function is killed at work',
  () => {
    let platform: Platform;
    let journey: ProjectJourney;
    let aws: AwsOperator;
    let killer: ReturnType<typeof killFirstProcesses>;

    beforeAll(async () => {
      platform = await Platform.startLaptop();
      journey = new ProjectJourney(platform);
      aws = new AwsOperator(platform);
      await journey.apply();
      killer = killFirstProcesses(platform.aws.endpoint);
    });
    afterAll(async () => {
      killer?.stop();
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
        expect(killer.killed).toContain(step);
        expect(await aws.count(step, 'Errors'), step).toBeGreaterThanOrEqual(1);
      }
    });
  },
);
