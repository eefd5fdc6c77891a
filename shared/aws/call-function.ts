import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';

let client: LambdaClient | undefined;

/** Calls a function without waiting: Lambda tries it three times, and then puts the call to the dead letters. */
export async function callFunction(name: string, payload: unknown): Promise<void> {
  client ??= new LambdaClient({});
  await client.send(
    new InvokeCommand({
      FunctionName: name,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(payload)),
    }),
  );
}
