import { useState } from 'preact/hooks';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { Badge } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Loaded } from '../parts/notices.tsx';
import { addressOf } from '../routes.ts';
import { bytesText, countText } from '../text/format.ts';
import { DatasheetPanel } from './datasheet-panel.tsx';
import { DiffPanel } from './diff-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { QuarantinePanel } from './quarantine-panel.tsx';
import { ValidationPanel } from './validation-panel.tsx';

/** One version of a dataset: its report, its quarantine, what it holds and what changed. */
export function DatasetVersionPage({ project, datasetVersion }: { project: string; datasetVersion: number }) {
  const version = usePolled(
    (api, signal) => api.call('readDatasetVersion', { params: { project, datasetVersion }, signal }),
    () => 30_000,
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.projects}>Projects</a> / <a href={addressOf.project(project, 'data')}>{project}</a>
      </p>
      <h1>Dataset version {datasetVersion}</h1>
      <Loaded polled={version} doing="Reading the dataset version">
        {(found) => <VersionView found={found} />}
      </Loaded>
    </>
  );
}

function VersionView({ found }: { found: AnswerOf<'readDatasetVersion'> }) {
  const { project, datasetVersion, datasheet } = found;
  const [against, setAgainst] = useState(found.parentVersion);
  return (
    <>
      <VersionFacts found={found} />
      <ValidationPanel project={project} datasetVersion={datasetVersion} />
      <QuarantinePanel project={project} datasetVersion={datasetVersion} />
      {datasetVersion > 1 && (
        <AgainstChoice datasetVersion={datasetVersion} against={against} onChange={setAgainst} />
      )}
      <ProfilePanel
        key={`profile ${against}`}
        project={project}
        datasetVersion={datasetVersion}
        against={against}
      />
      {against !== undefined && (
        <DiffPanel key={`diff ${against}`} project={project} datasetVersion={datasetVersion} from={against} />
      )}
      {datasheet && <DatasheetPanel datasheet={datasheet} />}
    </>
  );
}

function VersionFacts({ found }: { found: AnswerOf<'readDatasetVersion'> }) {
  const {
    project,
    datasetVersion,
    rows,
    columns,
    bytes,
    contentSha256,
    createdAt,
    tags,
    trainedOn,
    expiredAt,
    restoredFrom,
    restorationReason,
  } = found;
  return (
    <p class="lead">
      {countText(rows, 'row')}, {countText(columns.length, 'column')}, {bytesText(bytes)}; content{' '}
      <Digest value={contentSha256} />; made <Moment at={createdAt} /> by project revision{' '}
      {found.projectRevision}
      {restoredFrom && ` with the content of version ${restoredFrom} (${restorationReason})`}.{' '}
      {tags.map((tag) => (
        <Badge key={tag} tone="active">
          {tag}
        </Badge>
      ))}
      {trainedOn && <Badge tone="good">trained on</Badge>}
      {expiredAt && <Badge tone="quiet">expired</Badge>}{' '}
      <a href={addressOf.lineage(project, 'dataset-version', datasetVersion)}>Lineage</a>
    </p>
  );
}

interface AgainstChoiceProps {
  readonly datasetVersion: number;
  readonly against: number | undefined;
  readonly onChange: (version: number | undefined) => void;
}

/** Which older version the rest of the page compares with. */
function AgainstChoice({ datasetVersion, against, onChange }: AgainstChoiceProps) {
  const older = Array.from(
    { length: Math.min(datasetVersion - 1, 50) },
    (_none, index) => datasetVersion - 1 - index,
  );
  return (
    <label class="choice">
      Compare with version
      <select
        value={against ?? ''}
        onChange={({ currentTarget: { value } }) => onChange(value === '' ? undefined : Number(value))}
      >
        <option value="">none</option>
        {older.map((version) => (
          <option key={version} value={version}>
            {version}
          </option>
        ))}
      </select>
    </label>
  );
}
