import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { ContractPanel } from './contract-panel.tsx';
import { DatasetVersionTable } from './dataset-version-table.tsx';
import { DatasheetPanel } from './datasheet-panel.tsx';
import { SuggestionList } from './suggestion-list.tsx';
import { UploadTable } from './upload-table.tsx';

interface DataTabProps {
  readonly revision: AnswerOf<'readProject'>;
  /** Changes when journeys move: then the rest is read again. */
  readonly moved: string | undefined;
}

/** The dataset of a project: what came, what it became, what it must look like. */
export function DataTab({ revision, moved }: DataTabProps) {
  const { project, definition } = revision;
  const versions = usePolled(
    (api, signal) => api.call('listDatasetVersions', { params: { project }, signal }),
    () => 15_000,
    [moved],
  );
  return (
    <>
      <SuggestionList project={project} moved={moved} />
      <DatasetVersionTable project={project} versions={versions} />
      <ContractPanel revision={revision} />
      {definition.data.datasheet && (
        <DatasheetPanel datasheet={definition.data.datasheet} retention={definition.data.retention} />
      )}
      <UploadTable project={project} moved={moved} />
    </>
  );
}
