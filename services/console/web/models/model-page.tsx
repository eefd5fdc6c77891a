import { type ApiClient, ApiFailure } from '../api/client.ts';
import { quoted, readModel, searchVersions } from '../api/mlflow.ts';
import type { RegisteredModel } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { useListed } from '../api/use-listed.ts';
import { Empty, FailureNotice, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf } from '../routes.ts';
import { PairsPanel } from '../runs/pairs-table.tsx';
import { countText } from '../text/format.ts';
import { AliasHistory } from './alias-history.tsx';
import { AliasBadges, RegisteredVersions } from './registered-versions.tsx';

/** One registered model: its versions, its aliases, and which version each alias named when. */
export function ModelPage({ model: name }: { model: string }) {
  const model = usePolled(
    (api, signal) => readModel(api, name, signal),
    () => 15_000,
  );
  const platform = usePolled(
    (api, signal) => platformStatuses(api, name, signal),
    () => 30_000,
  );
  const isProject = (platform.value?.size ?? 0) > 0;
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.models()}>Models</a>
        {isProject && (
          <>
            {' · '}
            <a href={addressOf.project(name, 'models')}>Project {name}</a>
          </>
        )}
      </p>
      <h1>{name}</h1>
      <Loaded polled={model} doing="Reading the model">
        {(value) => (
          <>
            {value.description && <p class="lead note">{value.description}</p>}
            <Aliases model={value} />
            <Versions
              name={name}
              changed={`${value.updatedMs} ${[...value.aliases].join()}`}
              platformStatuses={platform.value ?? new Map()}
              project={isProject ? name : undefined}
            />
            {isProject && <AliasHistory project={name} aliases={[...value.aliases.keys()]} />}
            {value.tags.size > 0 && (
              <PairsPanel
                title="Tags"
                noun="tag"
                pairs={[...value.tags].map(([key, text]) => ({ key, value: text }))}
              />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

/** Status by version of the model of a project, which has the model's name; empty where there is no such project. */
async function platformStatuses(
  api: ApiClient,
  project: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  try {
    const { items } = await api.call('listModelVersions', { params: { project }, signal });
    return new Map(items.map(({ modelVersion, status }) => [String(modelVersion), status]));
  } catch (failure) {
    // Names that no project can have are refused (400), and others are not found.
    if (failure instanceof ApiFailure && [400, 403, 404].includes(failure.status)) return new Map();
    throw failure;
  }
}

function Aliases({ model: { aliases } }: { model: RegisteredModel }) {
  if (aliases.size === 0) return null;
  return (
    <p>
      <AliasBadges aliases={[...aliases.keys()]} versions={aliases} />
    </p>
  );
}

interface VersionsProps {
  readonly name: string;
  /** Moves when something of the model changed. */
  readonly changed: string;
  readonly platformStatuses: ReadonlyMap<string, string>;
  readonly project: string | undefined;
}

function Versions({ name, changed, platformStatuses, project }: VersionsProps) {
  const { items, isComplete, failure, more } = useListed(
    (api, pageToken, signal) => searchVersions(api, { filter: `name = ${quoted(name)}`, pageToken }, signal),
    changed,
  );
  return (
    <Panel
      title="Versions"
      aside={items && isComplete && <span class="muted">{countText(items.length, 'version')}</span>}
    >
      {failure && <FailureNotice failure={failure} doing="Reading the versions" />}
      {!items && !failure && <Empty>Reading the versions …</Empty>}
      {items?.length === 0 && <Empty>No version yet.</Empty>}
      {items && items.length > 0 && (
        <RegisteredVersions versions={items} platformStatuses={platformStatuses} project={project} />
      )}
      {!isComplete && items && (
        <button type="button" onClick={more}>
          More
        </button>
      )}
    </Panel>
  );
}
