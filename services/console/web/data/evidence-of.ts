interface Placed {
  readonly path: string;
}

/** The evidence for a line and for all below it: `columns.age` also has that of `columns.age.min`, but not of `columns.age_group`. */
export function evidenceOf<One extends Placed>(evidence: readonly One[], path: string): One[] {
  return evidence.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
}
