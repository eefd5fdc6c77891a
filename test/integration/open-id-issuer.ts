import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>> & { readonly algorithm: string };

/** An OpenID Connect issuer on this machine: a discovery document, the public keys, and tokens signed with the newest. */
export class OpenIdIssuer {
  readonly #server: Server;
  readonly #keys = new Map<string, SigningKey>();
  /** How often the keys were asked for. */
  keyRequests = 0;
  /** False: the issuer answers 503. */
  isUp = true;

  constructor() {
    this.#server = createServer(async (request, response) => {
      if (!this.isUp) response.writeHead(503);
      else if (request.url === '/.well-known/openid-configuration')
        response.write(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
      else if (request.url === '/keys') response.write(await this.#keySet());
      else response.writeHead(404);
      response.end();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    await this.rotate('first');
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Signs with a new key from now on; the old ones are gone. */
  async rotate(keyId: string, algorithm = 'RS256'): Promise<void> {
    this.#keys.clear();
    this.#keys.set(keyId, { ...(await generateKeyPair(algorithm, { extractable: true })), algorithm });
  }

  /** A token for `millrace` that is valid for 10 minutes, unless claims say otherwise. */
  async token(claims: JWTPayload): Promise<string> {
    const [[kid, { privateKey, algorithm }]] = [...this.#keys] as [[string, SigningKey]];
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, aud: 'millrace', iat: now, exp: now + 600, ...claims })
      .setProtectedHeader({ alg: algorithm, kid })
      .sign(privateKey);
  }

  async #keySet(): Promise<string> {
    this.keyRequests += 1;
    const keys = [...this.#keys].map(async ([kid, { publicKey, algorithm }]) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg: algorithm,
      use: 'sig',
    }));
    return JSON.stringify({ keys: await Promise.all(keys) });
  }
}
