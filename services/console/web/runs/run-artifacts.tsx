import { readLoggedModel } from '../api/mlflow.ts';
import type { ArtifactRoot } from '../api/mlflow-artifacts.ts';
import { rootAt } from '../api/mlflow-artifacts.ts';
import type { LoggedModel, Run } from '../api/mlflow-entities.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge } from '../parts/marks.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf, goTo } from '../routes.ts';
import { ArtifactPreview } from './artifact-preview.tsx';
import { ArtifactFolder } from './artifact-tree.tsx';

/** The files of a run and of the models that it logged. */
export function RunArtifacts({ run, view }: { run: Run; view: string }) {
  return (
    <>
      <Artifacts title="Artifacts" run={run} root={{ runId: run.runId }} modelId="" view={view} />
      {run.modelIds.map((modelId) => (
        <ModelArtifacts key={modelId} run={run} modelId={modelId} view={view} />
      ))}
    </>
  );
}

interface ModelArtifactsProps {
  readonly run: Run;
  readonly modelId: string;
  readonly view: string;
}

function ModelArtifacts({ run, modelId, view }: ModelArtifactsProps) {
  const model = usePolled(
    (api, signal) => readLoggedModel(api, modelId, signal),
    () => 60_000,
  );
  return (
    <Loaded polled={model} doing={`Reading the model ${modelId}`}>
      {(value) => {
        const root = rootAt(value.artifactUri);
        return (
          root && (
            <Artifacts
              title={`Logged model ${value.name}`}
              model={value}
              run={run}
              root={root}
              modelId={modelId}
              view={view}
            />
          )
        );
      }}
    </Loaded>
  );
}

interface ArtifactsProps {
  readonly title: string;
  readonly model?: LoggedModel;
  readonly run: Run;
  readonly root: ArtifactRoot;
  /** Empty for the run's own. */
  readonly modelId: string;
  readonly view: string;
}

/** A tree of files, and a look into one of them; which one is in the address. */
function Artifacts({ title, model, run: { runId }, root, modelId, view }: ArtifactsProps) {
  const fields = new URLSearchParams(view);
  const isMine = (fields.get('model') ?? '') === modelId;
  const shown = (isMine && fields.get('path')) || undefined;
  const show = (path: string) => {
    const next = new URLSearchParams(modelId ? { model: modelId, path } : { path });
    goTo(addressOf.run(runId, 'artifacts', next.toString()), { replace: true });
  };
  return (
    <Panel title={title} aside={model && <ModelStanding model={model} />}>
      <div class="artifacts">
        <ArtifactFolder root={root} path="" shown={shown} onShow={({ path }) => show(path)} />
        {shown === undefined ? (
          <Empty>Choose a file to look at it.</Empty>
        ) : (
          <ArtifactPreview key={shown} root={root} path={shown} />
        )}
      </div>
    </Panel>
  );
}

function ModelStanding({ model: { modelId, type, status } }: { model: LoggedModel }) {
  return (
    <>
      {type && <span class="muted">{type} </span>}
      <Badge tone={status === 'READY' ? 'good' : status === 'PENDING' ? 'attention' : 'bad'}>
        {status.toLowerCase().replaceAll('_', ' ')}
      </Badge>
      <code>{modelId}</code>
    </>
  );
}
