import { ApiFailure } from '../api/client.ts';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { countText, figureText, percentText } from '../text/format.ts';
import { ColumnPicture } from './column-picture.tsx';
import { spanText } from './profile-text.ts';

type Profile = AnswerOf<'readProfile'>;
type ColumnProfile = Profile['columns'][number];
type Change = NonNullable<Profile['against']>['changes'][number];

const tones: Readonly<Record<Change['change'], Tone>> = {
  added: 'active',
  removed: 'bad',
  retyped: 'bad',
  moved: 'attention',
  same: 'quiet',
};

interface ProfilePanelProps {
  readonly project: string;
  readonly datasetVersion: number;
  readonly against: number | undefined;
}

/** What each column holds, drawn; marked where it moved since the version that is compared with. */
export function ProfilePanel({ project, datasetVersion, against }: ProfilePanelProps) {
  const profile = usePolled(
    (api, signal) =>
      api.call('readProfile', {
        params: { project, datasetVersion },
        query: against === undefined ? {} : { against },
        signal,
      }),
    (newest) => (newest ? 60_000 : 3000),
  );
  return (
    <Panel title="Profile">
      {!profile.value && profile.failure instanceof ApiFailure && profile.failure.status === 404 ? (
        <Empty>{profile.failure.message}</Empty>
      ) : (
        <Loaded polled={profile} doing="Reading the profile">
          {(found) => <ProfileView profile={found} />}
        </Loaded>
      )}
    </Panel>
  );
}

function ProfileView({ profile: { columns, against } }: { profile: Profile }) {
  const changes = new Map(against?.changes.map((change) => [change.name, change]));
  const removed = against?.changes.filter(({ change }) => change === 'removed') ?? [];
  return (
    <>
      {removed.length > 0 && (
        <p>
          <Badge tone="bad">removed</Badge> {removed.map(({ name }) => name).join(', ')}
        </p>
      )}
      <div class="pictures">
        {columns.map((column) => (
          <ColumnView key={column.name} column={column} change={changes.get(column.name)} />
        ))}
      </div>
    </>
  );
}

function ColumnView({ column, change }: { column: ColumnProfile; change: Change | undefined }) {
  const { name, type, inferredType, values, missing, distinct } = column;
  const total = values + missing;
  return (
    <figure class="column-profile">
      <figcaption>
        <code>{name}</code> <span class="muted">{type}</span>
        {inferredType !== type && <span class="muted"> (looks like {inferredType})</span>}{' '}
        {change && change.change !== 'same' && (
          <Badge tone={tones[change.change]}>{changeText(change)}</Badge>
        )}
      </figcaption>
      <ColumnPicture column={column} />
      <p class="muted">
        {countText(values, 'value')},{' '}
        {missing > 0 ? `${percentText(missing / total)} missing` : 'none missing'},{' '}
        {distinct.toLocaleString('en')} distinct
        {spanText(column)}
      </p>
    </figure>
  );
}

function changeText({ change, psi }: Change): string {
  return psi === undefined ? change : `${change}, PSI ${figureText(psi)}`;
}
