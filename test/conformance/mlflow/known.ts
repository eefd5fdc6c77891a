/**
 * Where Millrace answers otherwise than MLflow's server, on purpose: the title of a step, or what it begins with before `…`, and why.
 * A difference that is gone must be taken out: the check says so.
 */
export const knownDifferences: Readonly<Record<string, string>> = {};
