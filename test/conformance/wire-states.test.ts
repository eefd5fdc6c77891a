import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe } from 'vitest';
import { openMailbox, type StatesSubject, statesSuite } from '../wire/states/index.ts';
import { declareSuite } from '../wire/suite.ts';
import { ministackDifferences } from './known/states.ts';
import { ministack, ministackVersion, startMinistack } from './parts/ministack.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { runWell } from './parts/program.ts';
import { anyClient, type ForeignServer } from './parts/server.ts';

const emulator = await part(ministack);
const roleArn = 'arn:aws:iam::000000000000:role/wire';

describe.skipIf(emulator.missing)(
  checkTitle(`Step Functions as in MiniStack ${ministackVersion}`, emulator),
  () => {
    let server: ForeignServer;
    let subject: StatesSubject;
    beforeAll(async () => {
      const program = theValue(emulator);
      server = await startMinistack({ program });
      const client = new SFNClient(anyClient(server.url));
      const functionArn = await makeFunction(server.url, path.join(path.dirname(program), 'python'));
      subject = {
        client,
        mailbox: await openMailbox(),
        functionArn,
        makeMachine: async (name, definition) => {
          const machine = { name, roleArn, definition: JSON.stringify(definition) };
          return (await client.send(new CreateStateMachineCommand(machine))).stateMachineArn ?? '';
        },
      };
    });
    afterAll(async () => {
      subject?.client.destroy();
      subject?.mailbox.close();
      await server?.stop();
    });
    declareSuite(statesSuite, () => subject, ministackDifferences);
  },
);

/** Makes the suite's function; Python packs its code. */
async function makeFunction(url: string, python: string): Promise<string> {
  const dir = mkdtempSync(path.join(tmpdir(), 'millrace-wire-'));
  const lambda = new LambdaClient(anyClient(url));
  try {
    const archive = path.join(dir, 'function.zip');
    const code = path.join(import.meta.dirname, '../wire/states/function.mjs');
    await runWell(python, ['-m', 'zipfile', '-c', archive, code]);
    const { FunctionArn = '' } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'wire',
        Runtime: 'nodejs24.x',
        Handler: 'function.handler',
        Role: roleArn,
        Timeout: 10,
        Code: { ZipFile: readFileSync(archive) },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30 }, { FunctionName: 'wire' });
    return FunctionArn;
  } finally {
    lambda.destroy();
    rmSync(dir, { recursive: true });
  }
}
