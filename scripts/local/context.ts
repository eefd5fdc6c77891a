import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { RuntimeContext } from './emulated-service.ts';
import type { Parts } from './parts.ts';

/** What the parts' view of the runtime is made of. */
export interface ContextSetting
  extends Pick<RuntimeContext, 'region' | 'accountId' | 'awsUrl' | 'faults' | 'now' | 'log'> {
  readonly dataDir: string;
  readonly platformPort: number;
  readonly assetPaths: ReadonlyMap<string, string>;
  /** Asked at each call, since the parts are created with this context. */
  readonly parts: () => Parts;
}

/** The context that the parts of one runtime share. */
export function createContext(setting: ContextSetting): RuntimeContext {
  const { region, accountId, awsUrl, faults, now, log } = setting;
  return {
    region,
    accountId,
    awsUrl,
    faults,
    now,
    log,
    folder(service) {
      const folder = path.join(setting.dataDir, service);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    assetPath(objectKey) {
      const found = setting.assetPaths.get(objectKey);
      if (found === undefined) throw new Error(`the cloud assembly lists no asset ${objectKey}`);
      return found;
    },
    /** With port 0 the port is known once the platform listens. */
    get platformUrl() {
      return `http://127.0.0.1:${setting.parts().apigateway.port || setting.platformPort}`;
    },
    get iam() {
      return setting.parts().iam;
    },
    get lambda() {
      return setting.parts().lambda;
    },
    get dynamodb() {
      return setting.parts().dynamodb;
    },
    get s3() {
      return setting.parts().s3;
    },
    get events() {
      return setting.parts().events;
    },
    get states() {
      return setting.parts().states;
    },
    get sqs() {
      return setting.parts().sqsSns;
    },
    get sns() {
      return setting.parts().sqsSns;
    },
    get cloudwatch() {
      return setting.parts().cloudwatch;
    },
    get logs() {
      return setting.parts().logs;
    },
    get apigateway() {
      return setting.parts().apigateway;
    },
    get ecr() {
      return setting.parts().ecr;
    },
  };
}
