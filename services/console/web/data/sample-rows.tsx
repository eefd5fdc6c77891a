import { type Column, Table } from '../parts/table.tsx';

type Sample = Readonly<Record<string, string | null>>;

interface SampleRowsProps {
  readonly title: string;
  readonly samples: readonly Sample[];
}

/** A few of the rows that broke a check. */
export function SampleRows({ title, samples }: SampleRowsProps) {
  const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];
  return (
    <details>
      <summary>Rows that break {title}</summary>
      <Table
        caption={`Rows that break ${title}`}
        rows={samples.map((sample, index) => ({ sample, index }))}
        keyOf={({ index }) => index}
        columns={names.map(
          (name): Column<{ sample: Sample; index: number }> => ({
            title: name,
            cell: ({ sample }) => <CellText value={sample[name]} />,
          }),
        )}
      />
    </details>
  );
}

/** A value as it was uploaded; a missing one says so. */
export function CellText({ value }: { value: string | null | undefined }) {
  return value === null || value === undefined ? <span class="muted">missing</span> : <code>{value}</code>;
}
