import type * as z from 'zod';
import type { ColumnRule, DataContract } from '#services/projects/contract.ts';
import type { contractChange } from '../contract.ts';
import { type Change, compareMembers, memberChange, type Reach, shown } from './contract-diff/members.ts';
import { compareRules } from './contract-diff/rules.ts';

export type { Change } from './contract-diff/members.ts';
export type ContractChange = z.infer<typeof contractChange>;

/** A model version, the columns that it reads, and whether it answers predictions now. */
export interface ReadingModel {
  readonly modelVersion: number;
  readonly inputs: readonly string[];
  readonly serving: boolean;
}

/** What a contract says otherwise than before, line by line, in the order of the contract. */
export function contractChanges(before: DataContract, after: DataContract): Change[] {
  return [
    ...everyRow('primaryKey', before.primaryKey, after.primaryKey),
    ...everyRow('eventTime', before.eventTime, after.eventTime),
    ...compareMissingValues(before.missingValues, after.missingValues),
    ...compareColumns(before.columns, after.columns),
    ...compareMembers('checks', before.checks, after.checks, {
      members: { minRows: 'least', maxQuarantinedShare: 'greatest', unknownColumns: failIsNarrower },
      widened: 'nobody',
    }),
    ...compareRules(before.rules, after.rules),
  ];
}

const failIsNarrower = (_before: unknown, after: unknown) =>
  after === 'fail' ? ('narrowed' as const) : ('widened' as const);

/** Which row is which, and when: concerns every reader, whatever columns it reads. */
function everyRow(path: string, before: string | undefined, after: string | undefined): Change[] {
  const changed = memberChange(
    path,
    before,
    after,
    () => 'changed',
    () => 'data',
  );
  return changed ? [{ ...changed, concerns: 'all' }] : [];
}

/** A text that becomes missing, or a value again, is another value in every column. */
function compareMissingValues(before: readonly string[], after: readonly string[]): Change[] {
  const of = (change: 'added' | 'removed') => (text: string) => ({
    path: 'missingValues',
    change,
    ...(change === 'added' ? { after: text } : { before: text }),
    reach: 'data' as const,
    concerns: 'all' as const,
  });
  return [
    ...after.filter((text) => !before.includes(text)).map(of('added')),
    ...before.filter((text) => !after.includes(text)).map(of('removed')),
  ];
}

type Columns = DataContract['columns'];

function compareColumns(before: Columns, after: Columns): Change[] {
  const has = (columns: Columns, name: string) => Object.hasOwn(columns, name);
  const kept = Object.keys(after).filter((name) => has(before, name));
  const keptBefore = Object.keys(before).filter((name) => has(after, name));
  const isReordered = kept.some((name, place) => name !== keptBefore[place]);
  const wholeColumn = (
    name: string,
    change: 'added' | 'removed',
    rule: ColumnRule,
    reach: Reach,
  ): Change => ({
    path: `columns.${name}`,
    change,
    ...(change === 'added' ? { after: rule.type } : { before: rule.type }),
    reach,
    concerns: [name],
  });
  return [
    ...Object.entries(after).flatMap(([name, rule]) =>
      has(before, name)
        ? compareColumn(name, before[name]!, rule)
        : [wholeColumn(name, 'added', rule, rule.nullable ? 'nobody' : 'data')],
    ),
    ...Object.entries(before).flatMap(([name, rule]) =>
      has(after, name) ? [] : [wholeColumn(name, 'removed', rule, 'readers')],
    ),
    ...(isReordered
      ? [
          {
            path: 'columns',
            change: 'changed' as const,
            before: shown(keptBefore),
            after: shown(kept),
            reach: 'nobody' as const,
            concerns: [],
          },
        ]
      : []),
  ];
}

function compareColumn(name: string, before: ColumnRule, after: ColumnRule): Change[] {
  const members = {
    type: typeChange,
    format: () => 'retyped' as const,
    nullable: (_before: unknown, isNullable: unknown) =>
      isNullable ? ('widened' as const) : ('narrowed' as const),
    min: 'least',
    max: 'greatest',
    allowed: 'set',
    pattern: 'condition',
    minLength: 'least',
    maxLength: 'greatest',
  } as const;
  const said = compareMembers(`columns.${name}`, before, after, { members, widened: 'readers' });
  const unique = compareMembers(`columns.${name}`, before, after, {
    members: { unique: (_before, isUnique) => (isUnique ? 'narrowed' : 'widened') },
    widened: 'nobody',
  });
  const forPeople = compareMembers(`columns.${name}`, before, after, {
    members: { sensitive: () => 'changed', description: () => 'changed' },
    widened: 'nobody',
    otherwise: 'nobody',
  });
  return [...said, ...unique, ...forPeople].map((change) => ({ ...change, concerns: [name] }));
}

/** Every integer is a number; other types do not hold each other's values. */
function typeChange(before: unknown, after: unknown): Change['change'] {
  if (before === 'integer' && after === 'number') return 'widened';
  return before === 'number' && after === 'integer' ? 'narrowed' : 'retyped';
}

/**
 * The changes with the features and model versions that read the columns they are about. A change breaks where data that was
 * valid may no longer be, and where a reader may meet values that it has not seen: without readers a wider contract breaks nothing.
 */
export function consumersOf(changes: readonly Change[], models: readonly ReadingModel[]): ContractChange[] {
  return changes.map(({ reach, concerns, ...change }) => {
    const consumers = reach === 'nobody' ? [] : readersOf(concerns, models);
    return {
      ...change,
      breaking: reach === 'data' || (reach === 'readers' && consumers.length > 0),
      consumers,
    };
  });
}

function readersOf(
  concerns: Change['concerns'],
  models: readonly ReadingModel[],
): ContractChange['consumers'] {
  const reads = ({ inputs }: ReadingModel, name: string) => inputs.includes(name);
  const readers =
    concerns === 'all' ? models : models.filter((model) => concerns.some((name) => reads(model, name)));
  const features =
    concerns === 'all' ? [] : concerns.filter((name) => readers.some((model) => reads(model, name)));
  return [
    ...features.map((name) => ({
      kind: 'feature' as const,
      id: name,
      serving: readers.some((model) => model.serving && reads(model, name)),
    })),
    ...readers
      .toSorted((a, b) => Number(b.serving) - Number(a.serving) || b.modelVersion - a.modelVersion)
      .map(({ modelVersion, serving }) => ({
        kind: 'model_version' as const,
        id: String(modelVersion),
        serving,
      })),
  ];
}
