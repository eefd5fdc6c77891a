export * from './ports/materialization.ts';
export * from './ports/online.ts';
export * from './ports/training-set.ts';
