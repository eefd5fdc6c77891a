import { InvokeEndpointCommand, type SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { AppError } from '#shared/kernel/errors.ts';
import type { Endpoints } from '../ports.ts';

/** What the model or its endpoint is to blame for, not the caller or we. */
const modelFailures = new Set([
  'ModelError',
  'ModelNotReadyException',
  'InternalDependencyException',
  'ServiceUnavailable',
  'InternalFailure',
  'ThrottlingException',
  'ValidationError',
  'ValidationException',
]);

export function createEndpoints(client: SageMakerRuntimeClient): Endpoints {
  return {
    async invoke(endpointName, csv, inferenceId) {
      try {
        const { Body } = await client.send(
          new InvokeEndpointCommand({
            EndpointName: endpointName,
            ContentType: 'text/csv',
            Accept: 'text/csv',
            Body: Buffer.from(csv),
            InferenceId: inferenceId,
          }),
        );
        return Buffer.from(Body).toString('utf8');
      } catch (cause) {
        if (!(cause instanceof Error && modelFailures.has(cause.name))) throw cause;
        throw new AppError(
          'unavailable',
          'ModelUnavailable',
          `The model’s endpoint ${endpointName} did not answer: ${cause.message.slice(0, 300)}. Try again in a moment.`,
          {},
          { cause },
        );
      }
    },
  };
}
