import type { Construct } from 'constructs';
import type { ServiceStack } from '../constructs/service-stack.ts';
import type { Platform } from '../platform.ts';
import { ApprovalsStack } from './approvals-stack.ts';
import { ConsoleStack } from './console-stack.ts';
import { DatasetsStack } from './datasets-stack.ts';
import { DeploymentStack } from './deployment-stack.ts';
import { EvaluationStack } from './evaluation-stack.ts';
import { FeatureStoreStack } from './feature-store-stack.ts';
import { GovernanceStack } from './governance-stack.ts';
import { IdentityStack } from './identity-stack.ts';
import { MonitoringStack } from './monitoring-stack.ts';
import { PredictionsStack } from './predictions-stack.ts';
import { ProjectsStack } from './projects-stack.ts';
import { RegistryStack } from './registry-stack.ts';
import { TrackingStack } from './tracking-stack.ts';
import { TrainingStack } from './training-stack.ts';
import { ValidationStack } from './validation-stack.ts';

export type ServiceStackClass = new (scope: Construct, platform: Platform) => ServiceStack;

/** The services of the platform, one stack each. */
export const serviceStacks: readonly ServiceStackClass[] = [
  ApprovalsStack,
  ConsoleStack,
  DatasetsStack,
  DeploymentStack,
  EvaluationStack,
  FeatureStoreStack,
  GovernanceStack,
  IdentityStack,
  MonitoringStack,
  PredictionsStack,
  ProjectsStack,
  RegistryStack,
  TrackingStack,
  TrainingStack,
  ValidationStack,
];
