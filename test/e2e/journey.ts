import { type ApprovalRequest, decideApproval, listApprovals } from '#services/approvals/contract.ts';
import { createUpload, listDatasetVersions, listUploads } from '#services/datasets/contract.ts';
import { readDeployment } from '#services/deployment/contract.ts';
import { type Journey, listAuditEntries, listJourneys } from '#services/governance/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { listModelVersions } from '#services/registry/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import type { ApiClient } from '../../scripts/cli/client.ts';
import { eventually } from './eventually.ts';
import type { Platform } from './platform.ts';
import { type Changes, freshName, projectFile } from './project.ts';

/** One project on a platform, and the steps of its journeys as a person does or sees them. */
export class ProjectJourney {
  readonly project: string;
  readonly #platform: Platform;

  constructor(platform: Platform, project = freshName()) {
    this.#platform = platform;
    this.project = project;
  }

  /** The API as the local identity named, else as whoever has the token. */
  as(identity?: string): ApiClient {
    return this.#platform.as(identity);
  }

  /** Applies the quick variant of the example under this project's name. */
  async apply(changes: Changes = {}): Promise<void> {
    await this.as().call(applyProject, {
      params: { project: this.project },
      body: projectFile(this.project, changes),
    });
  }

  /** Puts content to a presigned address; returns its key. */
  async upload(content: string, as?: string): Promise<string> {
    const target = await this.as(as).call(createUpload, {
      params: { project: this.project },
      body: { fileName: 'rows.csv', bytes: Buffer.byteLength(content) },
    });
    const answer = await fetch(target.url, { method: target.method, headers: target.headers, body: content });
    if (!answer.ok) throw new Error(`S3 answered ${answer.status}: ${await answer.text()}`);
    return target.key;
  }

  /** Waits until the platform has said what became of an upload. */
  outcomeOf(key: string) {
    return this.eventually(`the outcome of upload ${key}`, async () => {
      const { items } = await this.as().call(listUploads, { params: { project: this.project } });
      return items.find((item) => item.key === key);
    });
  }

  /** Waits until a version of the model waits for people. */
  approvalOf(modelVersion: number): Promise<ApprovalRequest> {
    return this.eventually(`the approval request of version ${modelVersion}`, async () =>
      (await this.approvals()).find((item) => item.modelVersion === modelVersion),
    );
  }

  /** Approval requests of this project, newest first. */
  async approvals(): Promise<ApprovalRequest[]> {
    const query = { project: this.project };
    return (await this.as().call(listApprovals, { params: {}, query })).items;
  }

  decide(
    { approvalId, subjectDigest }: ApprovalRequest,
    decision: 'approved' | 'rejected',
    as?: string,
  ): Promise<ApprovalRequest> {
    return this.as(as).call(decideApproval, {
      params: { approvalId },
      body: { decision, comment: `${decision} by a test`, subjectDigest },
    });
  }

  /** Waits until a release of a version has a status. */
  release(modelVersion: number, status: 'canary' | 'completed' | 'rolled_back' | 'rejected') {
    return this.eventually(`the release of version ${modelVersion} to be ${status}`, async () => {
      const { releases } = await this.deployment();
      return releases.find((release) => release.modelVersion === modelVersion && release.status === status);
    });
  }

  /** Waits until a version gets all the traffic and is the champion. */
  async promotion(modelVersion: number): Promise<void> {
    await this.release(modelVersion, 'completed');
    await this.eventually(`version ${modelVersion} to be the champion`, async () => {
      const { items } = await this.as().call(listModelVersions, { params: { project: this.project } });
      return items.find((item) => item.modelVersion === modelVersion && item.aliases.includes('champion'));
    });
  }

  /** Waits until a step of some journey has a status. */
  step(step: string, status: Journey['steps'][number]['status']): Promise<Journey> {
    return this.eventually(`the step ${step} to be ${status}`, async () =>
      (await this.journeys()).find((journey) =>
        journey.steps.some((one) => one.step === step && one.status === status),
      ),
    );
  }

  /** Waits until the newest journey has a status. */
  newest(status: Journey['status']): Promise<Journey> {
    return this.eventually(`the newest journey to be ${status}`, async () => {
      const [newest] = await this.journeys();
      return newest?.status === status ? newest : undefined;
    });
  }

  /** From data to a version that gets all the traffic, approved by whoever has the token. */
  async bringIntoService(content: string): Promise<void> {
    await this.upload(content);
    await this.decide(await this.approvalOf(1), 'approved');
    await this.promotion(1);
  }

  deployment() {
    return this.as().call(readDeployment, { params: { project: this.project } });
  }

  async journeys(): Promise<Journey[]> {
    const answer = await this.as().call(listJourneys, {
      params: { project: this.project },
      query: { limit: 50 },
    });
    return answer.items;
  }

  /** What the audit log holds of a fact, by its name without version; the newest 500 entries are looked at. */
  async audited(name: string) {
    const params = { project: this.project };
    const { items } = await this.as().call(listAuditEntries, { params, query: { limit: 500 } });
    return items.filter(({ detailType }) => detailType.startsWith(`${name}.v`));
  }

  /** Everything of this project that must exist once, however often anything was delivered. */
  async counts() {
    const params = { project: this.project };
    const api = this.as();
    const [datasets, trainings, versions, approvals, { releases }] = await Promise.all([
      api.call(listDatasetVersions, { params }),
      api.call(listTrainings, { params }),
      api.call(listModelVersions, { params }),
      this.approvals(),
      this.deployment(),
    ]);
    return {
      datasetVersions: datasets.items.length,
      trainings: trainings.items.length,
      modelVersions: versions.items.length,
      approvals: approvals.length,
      releases: releases.length,
    };
  }

  /** As `eventually`; tells where the journeys stand when it did not come. */
  eventually<Value>(what: string, ask: () => Promise<Value | undefined>, limitSeconds = 60): Promise<Value> {
    const stand = async () =>
      (await this.journeys())
        .flatMap(({ cause, steps }) => [
          cause,
          ...steps.map(({ title, status, summary }) => `  ${title}: ${status}, ${summary}`),
        ])
        .join('\n');
    return eventually(what, ask, { limitSeconds, stand });
  }
}
