import type { DatasetProfile, profileChange } from '../contract.ts';
import type * as z from 'zod';
export const compareProfiles = (_older: DatasetProfile, _newer: DatasetProfile): z.infer<typeof profileChange>[] => [];
