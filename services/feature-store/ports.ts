export * from './ports/definitions.ts';
export * from './ports/online.ts';
export * from './ports/training-set.ts';
