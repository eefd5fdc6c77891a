import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Item, Key, Table, Write } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { AliasMove, RegisteredVersion, RegistryStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys of the table. The partition is the registered model, by its name, as MLflow's registry names it; its tags, description
 * and those of its versions have their place on the same items.
 * `MODEL#<model>` / `MODEL`: the model and the number of its newest version.
 * `MODEL#<model>` / `VERSION#<number>`: a version, immutable.
 * `MODEL#<model>` / `ALIAS#<alias>`: the version that an alias points to.
 * `MODEL#<model>` / `ALIASMOVE#<alias>#<time>#<version>`: the history of an alias.
 * `TRAINING#<trainingId>` / `VERSION`: the version that a training registered.
 */
const modelPk = (model: string): string => `MODEL#${model}`;
const modelKey = (model: string): Key => ({ pk: modelPk(model), sk: 'MODEL' });
/** Ten digits, so that versions sort by number. */
const versionKey = (model: string, version: number): Key => ({
  pk: modelPk(model),
  sk: `VERSION#${String(version).padStart(10, '0')}`,
});
const aliasKey = (model: string, alias: string): Key => ({ pk: modelPk(model), sk: `ALIAS#${alias}` });
const movePrefix = (alias: string): string => `ALIASMOVE#${alias}#`;
const trainingKey = (trainingId: string): Key => ({ pk: `TRAINING#${trainingId}`, sk: 'VERSION' });
const pageSize = 50;

export function createRegistryStore(stored: Table): RegistryStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async latestVersion(model) {
      return (await table.get<StoredItems['model']>(modelKey(model)))?.latestVersion ?? 0;
    },
    async versionOfTraining(trainingId) {
      return (await table.get<StoredItems['training']>(trainingKey(trainingId)))?.modelVersion;
    },
    async saveVersion(version, move, events) {
      const otherwise = versionTaken(version);
      await table.commit({
        writes: [...versionWrites(version, otherwise), ...aliasWrites(move, otherwise)],
        events,
      });
    },
    async readVersion(model, modelVersion) {
      return (await table.get<StoredItems['version']>(versionKey(model, modelVersion)))?.version;
    },
    async listVersions(model, pageToken) {
      const page = await list<StoredItems['version']>(table, model, 'VERSION#', pageToken);
      return { ...page, items: page.items.map(({ version }) => version) };
    },
    async readAliases(model) {
      const { items } = await table.query<StoredItems['alias']>({
        pk: modelPk(model),
        skPrefix: 'ALIAS#',
        consistent: true,
      });
      return Object.fromEntries(items.map(({ alias, modelVersion }) => [alias, modelVersion]));
    },
    async moveAlias(move, events) {
      await table.commit({
        writes: aliasWrites(
          move,
          new AppError(
            'conflict',
            'AliasMoved',
            `Alias '${move.alias}' of '${move.model}' was moved by somebody else. Read it again and repeat.`,
          ),
        ),
        events,
      });
    },
    async listAliasMoves(model, alias, pageToken) {
      const page = await list<StoredItems['aliasMove']>(table, model, movePrefix(alias), pageToken);
      return { ...page, items: page.items.map(({ move }) => move) };
    },
  };
}

const versionTaken = ({ model, modelVersion }: RegisteredVersion) =>
  new AppError('conflict', 'VersionTaken', `Version ${modelVersion} of '${model}' was registered meanwhile.`);

function versionWrites(version: RegisteredVersion, otherwise: AppError): Write[] {
  const { model, modelVersion, project, trainingId } = version;
  return [
    {
      put: { ...modelKey(model), schemaVersion: 1, model, project, latestVersion: modelVersion },
      when: modelVersion === 1 ? { absent: true } : { equals: { latestVersion: modelVersion - 1 } },
      otherwise,
    },
    {
      put: { ...versionKey(model, modelVersion), schemaVersion: 1, version },
      when: { absent: true },
      otherwise,
    },
    {
      put: { ...trainingKey(trainingId), schemaVersion: 1, model, modelVersion },
      when: { absent: true },
      otherwise,
    },
  ];
}

function aliasWrites(move: AliasMove, otherwise: AppError): Write[] {
  const { model, alias, fromVersion, toVersion, movedAt } = move;
  return [
    {
      put: { ...aliasKey(model, alias), schemaVersion: 1, alias, modelVersion: toVersion },
      when: fromVersion === undefined ? { absent: true } : { equals: { modelVersion: fromVersion } },
      otherwise,
    },
    {
      put: {
        pk: modelPk(model),
        sk: `${movePrefix(alias)}${movedAt}#${toVersion}`,
        schemaVersion: 1,
        move,
      },
    },
  ];
}

function list<T extends Item>(
  table: Table,
  model: string,
  skPrefix: string,
  pageToken: string | undefined,
): Promise<Page<T>> {
  return table.query<T>({
    pk: modelPk(model),
    skPrefix,
    newestFirst: true,
    limit: pageSize,
    ...(pageToken ? { pageToken } : {}),
  });
}
