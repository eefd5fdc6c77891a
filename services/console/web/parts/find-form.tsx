import type { TargetedSubmitEvent } from 'preact';

interface FindFormProps {
  readonly label: string;
  readonly value: string;
  readonly onFind: (text: string) => void;
}

/** Finds things by a part of their name. */
export function FindForm({ label, value, onFind }: FindFormProps) {
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onFind(String(new FormData(event.currentTarget).get('text') ?? '').trim());
  };
  return (
    <search>
      <form class="filter" onSubmit={submit}>
        <label>
          {label}
          <input key={value} name="text" type="search" defaultValue={value} autoComplete="off" />
        </label>
        <button type="submit">Find</button>
      </form>
    </search>
  );
}
