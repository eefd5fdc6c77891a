import { listOf, textOf } from '../fact-text.ts';
import type { Fact } from '../facts.ts';
import { modelOf } from './datasets.ts';
import { errorFacet, runTags, type Tags } from './facets.ts';
import { type Reading, type RunState, runEvent, wholeRun } from './parts.ts';

/** One event of a release's run. */
const told =
  (state: RunState, idMember: string, tagsOf: (data: Fact['data']) => Tags = () => ({})): Reading =>
  (data, telling) => [
    runEvent(telling, state, {
      job: 'release',
      id: textOf(data[idMember]),
      facets: runTags(tagsOf(data)),
      inputs: [modelOf(telling, data['model'], data['modelVersion'])],
    }),
  ];

/** Facts of approvals and deployment. An approval has the id of its release. */
export const releaseReadings: Readonly<Record<string, Reading>> = {
  ReleaseRequested: told('START', 'releaseId', (data) => ({ reason: textOf(data['reason']) })),
  ApprovalRequested: told('RUNNING', 'approvalId', (data) => ({
    approval: 'requested',
    expiresAt: textOf(data['expiresAt']),
  })),
  ApprovalDecided: told('RUNNING', 'approvalId', (data) => ({
    approval: textOf(data['decision']),
    decidedBy: listOf(data['decidedBy']).map(textOf).join(', '),
    comment: textOf(data['comment']),
  })),
  DeploymentStarted: told('RUNNING', 'releaseId', (data) => ({
    endpoint: textOf(data['endpointName']),
    mode: textOf(data['mode']),
  })),
  DeploymentCompleted: told('COMPLETE', 'releaseId', (data) => ({ endpoint: textOf(data['endpointName']) })),
  // A person's rollback comes after the release has ended, and undoes no more than its traffic.
  DeploymentRolledBack: (data, telling) =>
    data['automatic'] === false
      ? wholeRun(telling, {
          job: 'rollback',
          id: telling.fact.eventId,
          facets: runTags({ reason: textOf(data['reason']), by: telling.fact.actor }),
          inputs: [modelOf(telling, data['model'], data['toVersion'])],
        })
      : [
          runEvent(telling, 'FAIL', {
            job: 'release',
            id: textOf(data['releaseId']),
            facets: errorFacet(textOf(data['reason'])),
          }),
        ],
  ReleaseRejected: (data, telling) => [
    runEvent(telling, data['step'] === 'approval' ? 'ABORT' : 'FAIL', {
      job: 'release',
      id: textOf(data['releaseId']),
      facets: errorFacet(`${textOf(data['step'])}: ${textOf(data['reason'])}`),
    }),
  ],
};
