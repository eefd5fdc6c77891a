import type { DataContract } from '#services/projects/contract.ts';
import type { contractChange } from '../contract.ts';
import type * as z from 'zod';
import type { ModelVersion } from './consumers.ts';
export const contractChanges = (_before: DataContract, _after: DataContract, _models: readonly ModelVersion[]): z.infer<typeof contractChange>[] => [];
