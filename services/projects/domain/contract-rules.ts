import { canonicalJson } from '#shared/kernel/hash.ts';
import { type DataContract, dataContract, type ProjectDefinition } from '../contract.ts';
import { checkViolations } from './check-rules.ts';
import { columnViolations, keyViolations } from './column-rules.ts';
import { type DefinitionViolation, violationWhere } from './violation.ts';

/** A contract is there once it has columns. */
export const hasContract = ({ columns }: DataContract): boolean => Object.keys(columns).length > 0;

/** What must hold within a contract; paths begin at the contract. */
export function contractViolations(contract: DataContract): DefinitionViolation[] {
  if (hasContract(contract))
    return [...columnViolations(contract), ...keyViolations(contract), ...checkViolations(contract)];
  return violationWhere(
    contract.rules.length > 0,
    ['rules'],
    'rules speak of columns, and no columns are declared; declare them beside the rules',
  );
}

/**
 * A definition with another contract. Columns of text and time that the contract brings are excluded from the model's features, which
 * they cannot be, and names of columns that are gone are excluded no more: a contract file has no place to say so.
 */
export function withContract(definition: ProjectDefinition, contract: DataContract): ProjectDefinition {
  const { eventTime: _, ...data } = definition.data;
  const { target } = definition;
  const named = new Set([contract.primaryKey, contract.eventTime, target?.column]);
  // Without a target there is no model that could not take them.
  const unfit = Object.entries(target ? contract.columns : {})
    .filter(([name, { type }]) => (type === 'string' || type === 'timestamp') && !named.has(name))
    .map(([name]) => name);
  const kept = definition.excludeFeatures.filter((name) => Object.hasOwn(contract.columns, name));
  return {
    ...definition,
    data: { ...data, ...contract },
    excludeFeatures: [...new Set([...kept, ...unfit])],
  };
}

/**
 * A project file without columns keeps the contract that the project has. What it says of the contract besides must be the same:
 * it would be left out silently otherwise.
 */
export function keptContractViolations(
  { data }: ProjectDefinition,
  kept: DataContract,
): DefinitionViolation[] {
  const cure = 'It is changed by a contract file (millrace contract apply), or by declaring the columns here';
  return [
    ...violationWhere(
      data.primaryKey !== kept.primaryKey,
      ['data', 'primaryKey'],
      `the project's contract has the primary key '${kept.primaryKey}', and this file, which has no columns, '${data.primaryKey}'. ${cure}`,
    ),
    ...violationWhere(
      data.eventTime !== undefined && data.eventTime !== kept.eventTime,
      ['data', 'eventTime'],
      `the project's contract has ${kept.eventTime === undefined ? 'no event time' : `the event time '${kept.eventTime}'`}, and this file, which has no columns, '${data.eventTime}'. ${cure}`,
    ),
    ...violationWhere(
      data.missingValues.length > 0 && data.missingValues.join('\n') !== kept.missingValues.join('\n'),
      ['data', 'missingValues'],
      `the project's contract has other missing values: ${kept.missingValues.join(', ') || 'none'}. ${cure}`,
    ),
    ...violationWhere(
      ![kept.checks, dataContract.shape.checks.parse(undefined)].some(
        (known) => canonicalJson(known) === canonicalJson(data.checks),
      ),
      ['data', 'checks'],
      `the project's contract has other checks: ${canonicalJson(kept.checks)}. ${cure}`,
    ),
  ];
}
