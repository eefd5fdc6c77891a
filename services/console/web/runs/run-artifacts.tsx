import { Empty } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { addressOf, goTo } from '../routes.ts';
import { ArtifactPreview } from './artifact-preview.tsx';
import { ArtifactFolder } from './artifact-tree.tsx';

/** The files of a run, and a look into one of them; which one is in the address. */
export function RunArtifacts({ runId, view }: { runId: string; view: string }) {
  const shown = new URLSearchParams(view).get('path') ?? undefined;
  const show = (path: string) =>
    goTo(addressOf.run(runId, 'artifacts', `${new URLSearchParams({ path })}`), { replace: true });
  return (
    <Panel title="Artifacts">
      <div class="artifacts">
        <ArtifactFolder runId={runId} path="" shown={shown} onShow={({ path }) => show(path)} />
        {shown === undefined ? (
          <Empty>Choose a file to look at it.</Empty>
        ) : (
          <ArtifactPreview key={shown} runId={runId} path={shown} />
        )}
      </div>
    </Panel>
  );
}
