import {
  diffDatasetVersions,
  listDatasetVersions,
  readErasure,
  requestErasure,
} from '#services/datasets/contract.ts';
import { applyProject, readProject } from '#services/projects/contract.ts';
import {
  decideContractSuggestion,
  listContractSuggestions,
  readContractSuggestion,
  readValidation,
  releaseQuarantine,
  type ValidationReport,
} from '#services/validation/contract.ts';
import { ProjectJourney } from './journey.ts';
import type { Platform } from './platform.ts';

const rowsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_none, n) => `p${first + n},${20 + (n % 60)},${n % 2}`);
const csv = (...rows: readonly string[]): string => `${['person,age,churned', ...rows].join('\n')}\n`;

/**
 * The life of a project's data: a suggested contract is approved, a later file brings rows that break it, these are released, both
 * versions are compared, and a person is forgotten.
 */
export class DataLife {
  readonly journey: ProjectJourney;

  constructor(platform: Platform) {
    this.journey = new ProjectJourney(platform);
  }

  get #params() {
    return { project: this.journey.project };
  }

  /** Lives it to its end; resolves with what there is then. */
  async live() {
    const body = {
      name: this.journey.project,
      owners: ['ann'],
      data: { primaryKey: 'person' },
      target: { column: 'churned', task: 'binary_classification' },
      training: { onNewData: 'never' },
    };
    await this.journey.as().call(applyProject, { params: this.#params, body: JSON.stringify(body) });
    await this.#upload(csv(...rowsFrom(0, 120)));
    await this.#approveSuggestion();
    await this.#report(1, 'contract');
    await this.#upload(csv(...rowsFrom(200, 80), 'p300,-1,1', 'p301,-2,0'));
    const quarantined = await this.#report(2, 'upload');
    await this.#release();
    const released = await this.#report(2, 'release');
    const diff = await this.#diff();
    const erasure = await this.#forget('p300');
    const cleaned = await this.#report(2, 'erasure');
    const { items: versions } = await this.journey.as().call(listDatasetVersions, { params: this.#params });
    const { revision } = await this.journey.as().call(readProject, { params: this.#params });
    return { quarantined, released, diff, erasure, cleaned, versions, revision };
  }

  async #upload(content: string): Promise<void> {
    await this.journey.outcomeOf(await this.journey.upload(content));
  }

  async #approveSuggestion(): Promise<void> {
    const suggestionId = await this.journey.eventually('the suggested contract', async () => {
      const { items } = await this.journey.as().call(listContractSuggestions, { params: this.#params });
      return items.find(({ status }) => status === 'waiting')?.suggestionId;
    });
    const params = { ...this.#params, suggestionId };
    const { suggestion } = await this.journey.as().call(readContractSuggestion, { params });
    const { columns, checks } = suggestion.contract;
    const contract = {
      ...suggestion.contract,
      columns: { ...columns, age: { ...columns['age']!, min: 0, max: 120 } },
      checks: { ...checks, maxQuarantinedShare: 0.2 },
      rules: [],
    };
    const body = { decision: 'approve', comment: 'Nobody is older.', contract } as const;
    await this.journey.as().call(decideContractSuggestion, { params, body });
  }

  #report(datasetVersion: number, occasion: ValidationReport['occasion']): Promise<ValidationReport> {
    const params = { ...this.#params, datasetVersion };
    return this.journey.eventually(`the report on version ${datasetVersion} after ${occasion}`, async () => {
      const report = await this.journey
        .as()
        .call(readValidation, { params })
        .catch((error: Error) => {
          if (error.message.includes('ValidationNotFound')) return undefined;
          throw error;
        });
      return report?.occasion === occasion ? report : undefined;
    });
  }

  async #release(): Promise<void> {
    const params = { ...this.#params, datasetVersion: 2 };
    const body = { checks: ['range:age'], reason: 'Not born yet.' };
    await this.journey.as().call(releaseQuarantine, { params, body });
  }

  #diff() {
    const params = { ...this.#params, datasetVersion: 2 };
    return this.journey.eventually('the comparison of both versions', async () => {
      const answer = await this.journey.as().call(diffDatasetVersions, { params, query: { from: 1 } });
      return answer.status === 'running' ? undefined : answer;
    });
  }

  async #forget(key: string) {
    const body = { primaryKeys: [key], reason: 'Asked by letter.' };
    const { erasureId } = await this.journey.as().call(requestErasure, { params: this.#params, body });
    return this.journey.eventually('the end of the erasure', async () => {
      const params = { ...this.#params, erasureId };
      const erasure = await this.journey.as().call(readErasure, { params });
      return erasure.status === 'running' ? undefined : erasure;
    });
  }
}
