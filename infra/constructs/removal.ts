import { RemovalPolicy } from 'aws-cdk-lib';
import type { StageConfig } from '../config.ts';

/**
 * What becomes of logs, queues and the bus when their stack goes or has them no longer: kept where the stage protects its data. A creation
 * that fails takes them with it, so that the next one finds their names free.
 */
export const keptWhereProtected = ({ removalProtection }: StageConfig): RemovalPolicy =>
  removalProtection ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
