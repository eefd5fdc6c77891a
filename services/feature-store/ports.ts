export * from './ports/capture-files.ts';
export * from './ports/definitions.ts';
export * from './ports/historical.ts';
export * from './ports/materialization.ts';
export * from './ports/online.ts';
export * from './ports/training-set.ts';
export * from './ports/view-files.ts';
