interface ReasonFieldProps {
  readonly label: string;
  readonly name: string;
  /** Most characters. */
  readonly maxLength: number;
}

/** Why somebody decides: needed, and kept. */
export function ReasonField({ label, name, maxLength }: ReasonFieldProps) {
  return (
    <label>
      {label}
      <textarea
        name={name}
        rows={2}
        required
        maxLength={maxLength}
        placeholder="Why: it stays in the audit log"
      />
    </label>
  );
}
