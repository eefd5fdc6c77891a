import { incomingPrefix } from '../contract.ts';

const projectPattern = /^[a-z][a-z0-9-]{1,31}$/;

/** The project that an upload's key names, and whether the key is one: `incoming/<project>/<file>`, folders below allowed. */
export function readUploadKey(key: string): { project?: string; valid: boolean } {
  const [project = '', ...rest] = key.slice(incomingPrefix.length).split('/');
  const names = key.startsWith(incomingPrefix) && projectPattern.test(project);
  return { ...(names ? { project } : {}), valid: names && rest.join('/') !== '' && rest.at(-1) !== '' };
}
