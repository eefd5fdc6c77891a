import { getValidation } from '#services/validation/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ValidatedRows } from '../ports.ts';

/** Asks the validation service. */
export const createValidatedRows = (stage: string): ValidatedRows => ({
  async newest(dataset) {
    try {
      const { datasetVersion, validated } = await ask(stage, getValidation, { project: dataset });
      return validated && { datasetVersion, validated };
    } catch (error) {
      if (error instanceof AppError && error.code === 'ValidationNotFound') return undefined;
      throw error;
    }
  },
});
