import type { Caller } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import type { ArtifactPlace } from '../../services/registry/ports/places.ts';
import { createModelStore } from '../../services/registry/store/model-store.ts';
import { createRegistryStore } from '../../services/registry/store/registry-store.ts';
import { createVersionStore } from '../../services/registry/store/version-store.ts';
import { createMemoryTable } from './memory-table.ts';

/** Somebody with one role in one project, or in all (`*`). */
export const callerWith = (role: Role, project: string, id = `${role} of ${project}`): Caller => ({
  id,
  grants: [{ project, role }],
});

/** The registry on a table in memory; `places` holds what tracking knows of runs and logged models. */
export function registryWorld() {
  const table = createMemoryTable();
  const clock = manualClock('2026-01-01T00:00:00.000Z');
  const places = new Map<string, ArtifactPlace>();
  const deps = {
    store: createRegistryStore(table),
    models: createModelStore(table),
    versions: createVersionStore(table),
    places: {
      run: async (id: string) => places.get(`run ${id}`),
      loggedModel: async (id: string) => places.get(`model ${id}`),
    },
    clock,
    ids: sequentialIds('EV'),
  };
  const told = () =>
    table.published.map(({ detailType, detail }) => ({
      type: detailType,
      by: detail.metadata.actor.id,
      ...(detail.data as object),
    }));
  return { table, clock, places, deps, told };
}
