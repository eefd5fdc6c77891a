import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type * as z from 'zod';
import { parseOrThrow, type QueryDefinition, type QueryResponse } from '#shared/contracts/call.ts';
import { AppError, type ErrorKind } from '#shared/kernel/errors.ts';
import { functionName } from '#shared/kernel/names.ts';

let client: LambdaClient | undefined;

/**
 * Asks another service one of the queries in its contract, by invoking its `query` function under the caller’s role. Throws
 * the AppError that the other service threw, or QueryFailed (unavailable) when it broke.
 */
export async function ask<Input extends z.ZodType, Output extends z.ZodType>(
  stage: string,
  query: QueryDefinition<Input, Output>,
  input: z.input<Input>,
): Promise<z.output<Output>> {
  client ??= new LambdaClient({});
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({
      FunctionName: functionName(stage, query.service, query.handler ?? 'query'),
      Payload: Buffer.from(JSON.stringify({ query: query.name, input })),
    }),
  );
  const text = Payload ? Buffer.from(Payload).toString('utf8') : '';
  if (FunctionError)
    throw new AppError(
      'unavailable',
      'QueryFailed',
      `${query.service} broke while answering ${query.name}: ${text.slice(0, 500)}`,
    );
  const response = JSON.parse(text) as QueryResponse;
  if (!response.ok)
    throw new AppError(response.error.kind as ErrorKind, response.error.code, response.error.message);
  return parseOrThrow(
    query.output,
    response.output,
    'InvalidQueryAnswer',
    `The answer of ${query.service} to ${query.name}`,
  );
}
