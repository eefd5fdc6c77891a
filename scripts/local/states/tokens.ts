import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DamagedFile } from '../durable/state-file.ts';
import { AwsError } from '../emulated-service.ts';

const secretBytes = 32;

/** The task that a token belongs to. */
export interface TokenTarget {
  readonly executionArn: string;
  /** Path of the frame that waits. */
  readonly path: string;
}

/** Makes task tokens that nobody can guess or forge, and that tell their task again after a restart. */
export class TaskTokens {
  readonly #secret: Buffer;

  /** @param secretFile where the signing key is kept; made when it is missing. Throws DamagedFile when it is no key. */
  constructor(secretFile: string) {
    if (!existsSync(secretFile)) writeFileSync(secretFile, randomBytes(secretBytes), { mode: 0o600 });
    this.#secret = readFileSync(secretFile);
    if (this.#secret.length !== secretBytes) {
      throw new DamagedFile(secretFile, `it holds ${this.#secret.length} bytes instead of ${secretBytes}`);
    }
  }

  mint(target: TokenTarget): string {
    const nonce = randomBytes(32).toString('base64url');
    const content = Buffer.from(JSON.stringify([target.executionArn, target.path, nonce])).toString(
      'base64url',
    );
    return `${content}.${this.#sign(content)}`;
  }

  /** @throws AwsError InvalidToken for what `mint` did not make */
  read(token: string): TokenTarget {
    const [content = '', signature = ''] = token.split('.');
    const expected = Buffer.from(this.#sign(content));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    }
    const [executionArn, path] = JSON.parse(Buffer.from(content, 'base64url').toString()) as [string, string];
    return { executionArn, path };
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#secret).update(content).digest('base64url');
  }
}
