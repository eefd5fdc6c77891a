import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { readStateFile } from '../durable/state-file.ts';
import type { Identity } from '../emulated-service.ts';
import type { Identities } from '../gateway/verify-request.ts';

/** An access key pair, as SDK clients take it. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const keyPairFile = z.object({
  accessKeyId: z.string().regex(/^AKIA[A-Z2-7]{16}$/),
  secretAccessKey: z.string().min(40),
});

/** Gives out access keys and knows whose they are. Role keys live as long as the process; the operator's is kept on disk. */
export class Credentials implements Identities {
  readonly #runSecret = randomBytes(32);
  readonly #identities = new Map<string, Identity>();
  readonly #operator: KeyPair;

  constructor(folder: string, accountId: string) {
    this.#operator = loadOrCreateKeyPair(path.join(folder, 'operator-credentials.json'));
    this.#identities.set(this.#operator.accessKeyId, {
      principal: { kind: 'operator', arn: `arn:aws:iam::${accountId}:user/operator` },
      secretAccessKey: this.#operator.secretAccessKey,
    });
  }

  operator(): KeyPair {
    return this.#operator;
  }

  identify(accessKeyId: string): Identity | undefined {
    return this.#identities.get(accessKeyId);
  }

  /** Keys of a role's session: the same role and session name give the same keys while the process lives. */
  forRole(roleArn: string, sessionName: string): KeyPair & { readonly sessionToken: string } {
    const derive = (what: string) =>
      createHmac('sha256', this.#runSecret).update(`${what}\n${roleArn}\n${sessionName}`).digest();
    const accessKeyId = `ASIA${base32(derive('id')).slice(0, 16)}`;
    const secretAccessKey = derive('secret').toString('base64').slice(0, 40);
    const sessionToken = derive('token').toString('base64');
    const account = roleArn.split(':')[4] ?? '';
    const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const arn = `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`;
    this.#identities.set(accessKeyId, {
      principal: { kind: 'role', arn, roleArn },
      secretAccessKey,
      sessionToken,
    });
    return { accessKeyId, secretAccessKey, sessionToken };
  }
}

function loadOrCreateKeyPair(file: string): KeyPair {
  if (existsSync(file))
    return keyPairFile.parse(readStateFile(file, 'Delete it: the next start makes new keys.'));
  const pair = {
    accessKeyId: `AKIA${base32(randomBytes(10))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  writeFileSync(`${file}.new`, JSON.stringify(pair), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return pair;
}

/** RFC 4648 base 32, the alphabet of AWS access key ids. */
function base32(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(pending >> bits) & 31];
    }
    pending &= 31;
  }
  return text;
}
