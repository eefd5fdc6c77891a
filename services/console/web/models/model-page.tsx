import type { ApiClient } from '../api/client.ts';
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
              model={value}
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
  const projects = await api.call('listProjects', { params: {}, signal });
  if (!projects.items.some((one) => one.project === project)) return new Map();
  const { items } = await api.call('listModelVersions', { params: { project }, signal });
  return new Map(items.map(({ modelVersion, status }) => [String(modelVersion), status]));
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
  readonly model: RegisteredModel;
  readonly platformStatuses: ReadonlyMap<string, string>;
  readonly project: string | undefined;
}

function Versions({ model, platformStatuses, project }: VersionsProps) {
  const { items, isComplete, failure, more } = useListed(
    (api, pageToken, signal) =>
      searchVersions(api, { filter: `name = ${quoted(model.name)}`, pageToken }, signal),
    // Whatever changes in a version changes its model too.
    `${model.name} ${model.updatedMs}`,
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
        <RegisteredVersions
          versions={items}
          aliases={model.aliases}
          platformStatuses={platformStatuses}
          project={project}
        />
      )}
      {!isComplete && items && (
        <button type="button" onClick={more}>
          More
        </button>
      )}
    </Panel>
  );
}
