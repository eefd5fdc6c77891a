import type { AnswerOf } from '../api/operations.ts';
import { Badge } from '../parts/marks.tsx';
import { Empty } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { countText, percentText } from '../text/format.ts';
import { columnText, ruleText } from './contract-text.ts';

/** What every version is checked by. */
export function ContractPanel({ revision }: { revision: AnswerOf<'readProject'> }) {
  const { columns, rules, checks, primaryKey } = revision.definition.data;
  const rows = Object.entries(columns);
  if (rows.length === 0) {
    return (
      <Panel title="Contract">
        <Empty>
          There is none yet. The first upload brings a suggestion; <code>npx millrace contract apply</code>{' '}
          applies your own.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Contract" aside={<span class="muted">revision {revision.revision}</span>}>
      <p class="muted">
        At least {countText(checks.minRows, 'valid row')}, at most {percentText(checks.maxQuarantinedShare)}{' '}
        in quarantine; unknown columns: {checks.unknownColumns}.
      </p>
      <Table
        caption="Columns of the contract"
        rows={rows}
        keyOf={([name]) => name}
        columns={[
          {
            title: 'Column',
            cell: ([name, { sensitive }]) => [
              <code key="name">{name}</code>,
              name === primaryKey && ' (primary key)',
              sensitive && (
                <Badge key="sensitive" tone="attention">
                  sensitive
                </Badge>
              ),
            ],
          },
          { title: 'Type', cell: ([, { type }]) => type },
          { title: 'Must hold', wide: true, cell: ([, rule]) => columnText(rule) },
        ]}
      />
      {rules.length > 0 && (
        <Table
          caption="Rules of the contract"
          rows={rules.map((rule, index) => ({ rule, index }))}
          keyOf={({ index }) => index}
          columns={[
            { title: 'Rule', cell: ({ rule }) => rule.name ?? rule.check },
            { title: 'Must hold', wide: true, cell: ({ rule }) => ruleText(rule) },
            { title: 'Severity', cell: ({ rule }) => rule.severity },
            { title: 'Owner', cell: ({ rule }) => rule.owner },
            { title: 'Note', wide: true, cell: ({ rule }) => rule.note },
          ]}
        />
      )}
    </Panel>
  );
}
