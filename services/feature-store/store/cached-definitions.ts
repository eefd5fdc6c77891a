import type { Clock } from '#shared/kernel/clock.ts';
import type { DefinedRevision, DefinitionReader } from '../ports.ts';

/** A new revision is answered by within this; a busy function reads it once a second instead of with every request. */
const maxAgeMs = 1000;
/** Versions that a process keeps; they never change. */
const maxVersions = 1000;

/** Definitions as a function that must answer fast reads them: versions once, the newest revision once a second. */
export function cachedDefinitions(definitions: DefinitionReader, clock: Clock): DefinitionReader {
  const revisions = new Map<string, { readAtMs: number; revision: Promise<DefinedRevision | undefined> }>();
  const views = forEver(definitions.view);
  const services = forEver(definitions.service);
  const newestRevision: DefinitionReader['newestRevision'] = (project) => {
    const nowMs = clock.now().getTime();
    const known = revisions.get(project);
    if (known && nowMs - known.readAtMs < maxAgeMs) return known.revision;
    const revision = definitions.newestRevision(project);
    revisions.set(project, { readAtMs: nowMs, revision });
    revision.catch(() => revisions.delete(project));
    return revision;
  };
  return {
    newestRevision,
    async view(project, view, version) {
      const newest = (await newestUnless(version, project))?.views.find((each) => each.view === view);
      const number = version ?? newest?.version;
      return number === undefined ? undefined : views(project, view, number);
    },
    async service(project, service, version) {
      const newest = (await newestUnless(version, project))?.services.find(
        (each) => each.service === service,
      );
      const number = version ?? newest?.version;
      return number === undefined ? undefined : services(project, service, number);
    },
  };

  function newestUnless(version: number | undefined, project: string) {
    return version === undefined ? newestRevision(project) : Promise.resolve(undefined);
  }
}

/** Keeps what was found; what was not may be there the next time. */
function forEver<T>(read: (project: string, name: string, version: number) => Promise<T | undefined>) {
  const found = new Map<string, T>();
  return async (project: string, name: string, version: number): Promise<T | undefined> => {
    const key = `${project}/${name}/${version}`;
    const known = found.get(key);
    if (known) return known;
    const value = await read(project, name, version);
    if (found.size >= maxVersions) found.clear();
    if (value) found.set(key, value);
    return value;
  };
}
