/** Who asks: a token, or on a laptop the name of a local identity. */
export interface Credentials {
  readonly token?: string;
  readonly actAs?: string;
}

const key = 'millrace.credentials';

/** What was kept for this tab; it ends with the tab. */
export function keptCredentials(storage: Storage): Credentials {
  return JSON.parse(storage.getItem(key) ?? '{}') as Credentials;
}

export function keepCredentials(storage: Storage, credentials: Credentials): void {
  storage.setItem(key, JSON.stringify(credentials));
}
