import type { RegisteredVersion } from '../api/mlflow-entities.ts';
import { Badge } from '../parts/marks.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { Instant } from '../runs/run-cell.tsx';

interface AliasBadgesProps {
  readonly aliases: readonly string[];
  /** Version of each, where it does not stand beside them. */
  readonly versions?: ReadonlyMap<string, string>;
}

/** Aliases; the champion stands out. */
export function AliasBadges({ aliases, versions }: AliasBadgesProps) {
  return (
    <>
      {aliases.map((alias) => (
        <Badge key={alias} tone={alias === 'champion' ? 'good' : 'quiet'}>
          {versions ? `${alias} ${versions.get(alias)}` : alias}
        </Badge>
      ))}
    </>
  );
}

interface RegisteredVersionsProps {
  readonly versions: readonly RegisteredVersion[];
  /** Version by alias: only the model says them, searches leave them out. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The platform's own versions by number, where this is the model of a project. */
  readonly platformStatuses: ReadonlyMap<string, string>;
  readonly project: string | undefined;
}

/** Versions of a registered model. */
export function RegisteredVersions({
  versions,
  aliases,
  platformStatuses,
  project,
}: RegisteredVersionsProps) {
  const aliasesOf = (version: string) =>
    [...aliases].filter(([, of]) => of === version).map(([alias]) => alias);
  const hasStages = versions.some(({ stage }) => stage !== '' && stage !== 'None');
  const hasTags = versions.some(({ tags }) => tags.size > 0);
  const columns: (Column<RegisteredVersion> | false)[] = [
    { title: 'Version', numeric: true, cell: ({ version }) => version },
    { title: 'Alias', cell: ({ version }) => <AliasBadges aliases={aliasesOf(version)} /> },
    {
      title: 'Status',
      cell: (version) => (
        <VersionStatus version={version} platformStatus={platformStatuses.get(version.version)} />
      ),
    },
    hasStages && { title: 'Stage', cell: ({ stage }) => (stage === 'None' ? '' : stage) },
    project !== undefined && {
      title: 'History',
      cell: ({ version }) =>
        platformStatuses.has(version) && (
          <a href={addressOf.lineage(project, 'model-version', version)}>lineage</a>
        ),
    },
    {
      title: 'Run',
      cell: ({ runId }) => runId && <a href={addressOf.run(runId)}>{runId.slice(0, 8)}</a>,
    },
    hasTags && {
      title: 'Tags',
      cell: ({ tags }) => [...tags].map(([key, value]) => `${key}: ${value}`).join(', '),
      wide: true,
    },
    { title: 'Description', cell: ({ description }) => description, wide: true },
    { title: 'Registered', cell: ({ createdMs }) => <Instant ms={createdMs} /> },
  ];
  return (
    <Table
      caption="Versions, newest first"
      rows={versions}
      keyOf={({ version }) => version}
      columns={columns.filter((column) => column !== false)}
    />
  );
}

interface VersionStatusProps {
  readonly version: RegisteredVersion;
  readonly platformStatus: string | undefined;
}

function VersionStatus({ version: { status, statusMessage }, platformStatus }: VersionStatusProps) {
  if (platformStatus === 'QUARANTINED') return <Badge tone="bad">quarantined</Badge>;
  if (status === 'READY') return <Badge tone="good">ready</Badge>;
  return (
    <span title={statusMessage}>
      <Badge tone={status.startsWith('FAILED') ? 'bad' : 'attention'}>
        {status.toLowerCase().replaceAll('_', ' ')}
      </Badge>
    </span>
  );
}
