import type { ContractSuggestion } from '../../contract.ts';

/** Collects why each line of a suggestion is there, and what a person must look at. */
export interface Lines {
  /** `support` is the share of values that agree. */
  because(path: string, seen: string, support?: number): void;
  warn(path: string, message: string): void;
}

export interface CollectedLines extends Lines {
  readonly evidence: ContractSuggestion['evidence'];
  readonly warnings: ContractSuggestion['warnings'];
}

export function collectLines(): CollectedLines {
  const evidence: ContractSuggestion['evidence'] = [];
  const warnings: ContractSuggestion['warnings'] = [];
  return {
    evidence,
    warnings,
    because: (path, seen, support = 1) =>
      void evidence.push({ path, seen, support: Math.min(1, Math.max(0, support)) }),
    warn: (path, message) => void warnings.push({ path, message }),
  };
}

/** `1,234,567` */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
/** `51.73` of 51.730900000000005: at least four digits, two of them behind the point of greater ones. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const wholeDigits = Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1);
  return String(Number(value.toPrecision(Math.min(17, Math.max(4, wholeDigits + 2)))));
}
/** `0.25 %`; what is more than nothing is never shown as 0. */
export const percent = (share: number): string =>
  share > 0 && share < 0.0001 ? 'less than 0.01 %' : `${Number((share * 100).toFixed(2))} %`;
