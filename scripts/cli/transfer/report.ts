/** What can be counted in a copy. */
export type Carried =
  | 'experiments'
  | 'runs'
  | 'metricPoints'
  | 'artifacts'
  | 'artifactBytes'
  | 'loggedModels'
  | 'registeredModels'
  | 'modelVersions'
  | 'aliases';

/** Something that could not be carried, and why. */
export interface LeftBehind {
  readonly what: string;
  readonly why: string;
}

/** What a copy did, as it goes on. */
export class TransferReport {
  readonly counts: Record<Carried, number> = {
    experiments: 0,
    runs: 0,
    metricPoints: 0,
    artifacts: 0,
    artifactBytes: 0,
    loggedModels: 0,
    registeredModels: 0,
    modelVersions: 0,
    aliases: 0,
  };
  readonly leftBehind: LeftBehind[] = [];
  /** Things that an earlier run of the same command had copied. */
  skipped = 0;

  count(what: Carried, by = 1): void {
    this.counts[what] += by;
  }

  leave(what: string, why: string): void {
    this.leftBehind.push({ what, why });
  }

  /** The report for people. */
  text(): string {
    const { artifactBytes, ...counted } = this.counts;
    const lines = Object.entries(counted).map(
      ([what, count]) => `  ${String(count).padStart(9)}  ${spoken(what)}`,
    );
    const bytes = `  ${(artifactBytes / 1e6).toFixed(1).padStart(9)}  MB of artifacts`;
    const before = this.skipped > 0 ? [`  ${String(this.skipped).padStart(9)}  runs copied before`] : [];
    const left =
      this.leftBehind.length === 0
        ? ['Nothing was left behind.']
        : ['Left behind:', ...this.leftBehind.map(({ what, why }) => `  ${what}: ${why}`)];
    return ['Copied:', ...lines, bytes, ...before, ...left].join('\n');
  }

  value() {
    return { copied: this.counts, copiedBefore: this.skipped, leftBehind: this.leftBehind };
  }
}

const spoken = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
