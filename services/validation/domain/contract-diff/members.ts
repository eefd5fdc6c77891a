/** Whom a change can hurt: data that was valid, readers that meet new values, or nobody. */
export type Reach = 'data' | 'readers' | 'nobody';
type Kind = 'added' | 'removed' | 'widened' | 'narrowed' | 'retyped' | 'changed';

/** A line of a contract that says something else than before. */
export interface Change {
  readonly path: string;
  readonly change: Kind;
  readonly before?: string;
  readonly after?: string;
  readonly reach: Reach;
  /** The columns that it is about. */
  readonly concerns: readonly string[] | 'all';
}

/**
 * How a member bounds values: a least or a greatest value, a set of values, a condition whose change has no direction, or a
 * function that tells.
 */
type Direction = 'least' | 'greatest' | 'set' | 'condition' | ((before: unknown, after: unknown) => Kind);

export interface Comparison {
  readonly members: Readonly<Record<string, Direction>>;
  /** Whom a wider member can hurt. */
  readonly widened: Reach;
  /** Whom every other change can hurt; data where absent. */
  readonly otherwise?: Reach;
}

/** Changes of an object's members, in the order of `members`. */
export function compareMembers(
  path: string,
  before: object,
  after: object,
  comparison: Comparison,
): Change[] {
  const { members, widened, otherwise = 'data' } = comparison;
  return Object.entries(members).flatMap(([member, direction]) => {
    const [old, now] = [
      (before as Record<string, unknown>)[member],
      (after as Record<string, unknown>)[member],
    ];
    const changed = memberChange(
      `${path}.${member}`,
      old,
      now,
      () => kindOf(direction, old, now),
      (kind) => (kind === 'widened' ? widened : otherwise),
    );
    return changed ? [changed] : [];
  });
}

/** The change of one member; undefined where it says the same. */
export function memberChange(
  path: string,
  before: unknown,
  after: unknown,
  kind: () => Kind,
  reach: (kind: Kind) => Reach,
): Change | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const change = kind();
  return {
    path,
    change,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
    reach: reach(change),
    concerns: [],
  };
}

function kindOf(direction: Direction, before: unknown, after: unknown): Kind {
  if (typeof direction === 'function') return direction(before, after);
  if (before === undefined) return 'narrowed';
  if (after === undefined) return 'widened';
  if (direction === 'condition') return 'changed';
  if (direction === 'set') return setChange(before as readonly unknown[], after as readonly unknown[]);
  const isRaised = orderOf(after) > orderOf(before);
  return isRaised === (direction === 'least') ? 'narrowed' : 'widened';
}

function setChange(before: readonly unknown[], after: readonly unknown[]): Kind {
  const [lost, won] = [
    before.some((value) => !after.includes(value)),
    after.some((value) => !before.includes(value)),
  ];
  if (lost && won) return 'changed';
  return lost ? 'narrowed' : 'widened';
}

/** Bounds are numbers, or times as text. */
const orderOf = (bound: unknown): number => (typeof bound === 'number' ? bound : Date.parse(String(bound)));

const maxShown = 200;

/** A member's value for people. */
export function shown(value: unknown): string {
  const text = Array.isArray(value)
    ? value.map(String).join(', ')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}
