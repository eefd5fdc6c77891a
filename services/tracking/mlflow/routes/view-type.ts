import * as z from 'zod';

const names = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'] as const;

/** Lifecycle stages that a search is about: by name, or by their number in MLflow's protocol buffers. */
export const viewType = z.union([
  z.enum(names),
  z.union([z.enum(['1', '2', '3']), z.literal([1, 2, 3])]).transform((number) => names[Number(number) - 1]!),
]);
