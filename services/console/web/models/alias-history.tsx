import { useState } from 'preact/hooks';
import { useNow, usePolled } from '../api/use-api.ts';
import { inkClass } from '../charts/ink.ts';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { durationText, withLocalTimes } from '../text/format.ts';
import { type AliasSpan, spansOf } from './alias-spans.ts';

/** These are always worth asking for, even while they name nothing. */
const usualAliases = ['champion', 'challenger'];

/** Which version an alias named when. */
export function AliasHistory({ project, aliases }: { project: string; aliases: readonly string[] }) {
  const all = [...new Set([...usualAliases, ...aliases])];
  const [alias, setAlias] = useState('champion');
  return (
    <Panel
      title="Alias history"
      aside={
        <select aria-label="Alias" value={alias} onChange={(event) => setAlias(event.currentTarget.value)}>
          {all.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      }
    >
      <Moves key={alias} project={project} alias={alias} />
    </Panel>
  );
}

function Moves({ project, alias }: { project: string; alias: string }) {
  const history = usePolled(
    (api, signal) => api.call('listAliasHistory', { params: { project, alias }, signal }),
    () => 10_000,
  );
  const nowMs = useNow(false);
  return (
    <Loaded polled={history} doing="Reading the history">
      {({ items, nextPageToken }) => {
        const spans = spansOf(items);
        if (spans.length === 0) return <Empty>No version has been {alias} yet.</Empty>;
        return (
          <>
            <Timeline spans={spans} nowMs={nowMs} />
            <Table
              caption={`Versions that were ${alias}, newest first`}
              rows={spans}
              keyOf={({ from, version }) => `${from} ${version}`}
              columns={[
                { title: 'Version', numeric: true, cell: ({ version }) => version },
                { title: 'From', cell: ({ from }) => <Moment at={from} /> },
                { title: 'To', cell: ({ to }) => (to ? <Moment at={to} /> : 'now') },
                {
                  title: 'For',
                  cell: ({ from, to }) => durationText((to ? Date.parse(to) : nowMs) - Date.parse(from)),
                },
                { title: 'Reason', cell: ({ reason }) => withLocalTimes(reason), wide: true },
              ]}
            />
            {nextPageToken && <p class="muted">Older moves are not shown.</p>}
          </>
        );
      }}
    </Loaded>
  );
}

/** The same as the table, for the eye: one bar, from the first move until now. */
function Timeline({ spans, nowMs }: { spans: readonly AliasSpan[]; nowMs: number }) {
  return (
    <div class="timeline" aria-hidden="true">
      {spans.toReversed().map(({ version, from, to }) => {
        const lengthMs = (to ? Date.parse(to) : nowMs) - Date.parse(from);
        return (
          <div
            key={from}
            class={`span ${inkClass(version - 1)}`}
            style={{ flexGrow: String(Math.max(1, lengthMs)) }}
            title={`Version ${version}, for ${durationText(lengthMs)}`}
          >
            {version}
          </div>
        );
      })}
    </div>
  );
}
