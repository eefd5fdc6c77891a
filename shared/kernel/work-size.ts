/** What a piece of work will need, estimated before it is begun. */
export interface WorkNeeds {
  /** Bytes as rows of text. */
  readonly textBytes: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly seconds: number;
}

/** What a function has. Memory buys processors: 1,769 MB are one. 3,008 MB is the most that a new account gets. */
export interface FunctionSize {
  readonly memoryMb: number;
  readonly diskMb: number;
}

export type Engine<FunctionName extends string> = FunctionName | 'processing-job';

/** Functions end after 15 minutes; what is expected to take longer than this is none's. */
const maxFunctionSeconds = 600;

/**
 * The smallest of the functions, which come from the smallest on, that the work fits; else a Processing job. Above `functionMaxBytes` of
 * text no function is tried. Each attempt that did not answer makes the next a size bigger.
 */
export function chooseEngine<FunctionName extends string>(
  functions: Readonly<Record<FunctionName, FunctionSize>>,
  needs: WorkNeeds,
  { functionMaxBytes }: { readonly functionMaxBytes: number },
  attempts = 0,
): Engine<FunctionName> {
  const names = Object.keys(functions) as FunctionName[];
  const fits = (name: FunctionName): boolean =>
    needs.textBytes <= functionMaxBytes &&
    needs.seconds <= maxFunctionSeconds &&
    needs.memoryMb <= functions[name].memoryMb &&
    needs.diskMb <= functions[name].diskMb;
  const smallest = names.findIndex(fits);
  return names[(smallest === -1 ? names.length : smallest) + attempts] ?? 'processing-job';
}

/** Instances of a Processing job: memory is what DuckDB may spread over, the volume holds what does not fit. */
const jobInstances = [
  { instanceType: 'ml.m5.xlarge', memoryMb: 16_384 },
  { instanceType: 'ml.m5.4xlarge', memoryMb: 65_536 },
  { instanceType: 'ml.m5.12xlarge', memoryMb: 196_608 },
] as const;

export interface JobResources {
  readonly instanceType: (typeof jobInstances)[number]['instanceType'];
  readonly memoryMb: number;
  readonly volumeSizeGb: number;
  readonly maxRuntimeSeconds: number;
}

/** To get an instance and to copy, at most. */
const jobStartSeconds = 900;
const maxJobSeconds = 86_400;

/** Instance, volume and time limit of a Processing job. A job that did not answer gets the next instance. */
export function jobResources(needs: WorkNeeds, attempts = 0): JobResources {
  const smallest = jobInstances.findIndex(({ memoryMb }) => needs.memoryMb * 1.5 <= memoryMb);
  const index = smallest === -1 ? jobInstances.length - 1 : smallest;
  const instance = jobInstances[Math.min(index + Math.max(0, attempts - 1), jobInstances.length - 1)]!;
  return {
    ...instance,
    volumeSizeGb: Math.max(30, Math.ceil((needs.diskMb * 1.5) / 1000) + 10),
    maxRuntimeSeconds: Math.min(maxJobSeconds, jobStartSeconds + 3 * needs.seconds),
  };
}

/** Lambda gives one processor per 1,769 MB. */
export const threadsOf = (memoryMb: number): number => Math.max(1, Math.round(memoryMb / 1769));
