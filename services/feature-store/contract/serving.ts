/** What predictions need besides online values, by the code that training uses. */
export { onDemandValues } from '../domain/on-demand.ts';
export { type EntityKey, entityKeyOf, entityKeyText } from '../domain/online-key.ts';
