import { clausesOf } from './clauses.ts';
import { fieldOf, type SearchableEntity } from './entity.ts';

/**
 * The only values that an attribute can have in what a filter finds: where it must equal one, or be one of a list. Undefined where
 * the filter leaves it open. Whoever has an index by that attribute need not read anything else.
 */
export function wantedValues(
  entity: SearchableEntity,
  filter: string | undefined,
  attribute: string,
): readonly string[] | undefined {
  for (const { name, operator, value } of clausesOf(filter?.trim() ?? '')) {
    const { kind, key } = fieldOf(entity, name.parts, 'filter');
    if (kind !== 'attribute' || key !== attribute) continue;
    if ((operator === '=' || operator === '==') && value.kind === 'string') return [value.value];
    if (operator === 'IN' && value.kind === 'list') return [...new Set(value.values)];
  }
  return undefined;
}
