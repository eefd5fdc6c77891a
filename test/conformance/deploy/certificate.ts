import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { debianProgram } from '../parts/debian.ts';
import { runWell } from '../parts/program.ts';

/** A certificate for this machine's loopback that nobody else trusts. */
export interface Certificate {
  readonly file: string;
  readonly key: string;
  /** What programs trust that take one list of authorities only. */
  readonly bundle: string;
}

export async function createCertificate(dir: string): Promise<Certificate> {
  const openssl = await debianProgram('/usr/bin/openssl', ['openssl']);
  const [file, key, bundle] = ['certificate.pem', 'key.pem', 'bundle.pem'].map((name) =>
    path.join(dir, name),
  ) as [string, string, string];
  await runWell(openssl, [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', file],
  ]);
  copyFileSync(file, bundle);
  return { file, key, bundle };
}
