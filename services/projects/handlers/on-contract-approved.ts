import { ContractApproved } from '#events/validation.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { getText } from '#shared/aws/objects.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { dataContract } from '../contract.ts';
import { environment } from '../env.ts';
import { createProjectStore } from '../store/project-store.ts';
import { applyApprovedContract } from '../use-cases/apply-contract.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createProjectStore(createTable(documentClient(), TABLE_NAME));
const deps = { store, clock: systemClock, ids: ulidGenerator };

export const handler = eventHandler(ContractApproved, async ({ detail: { metadata, data } }) => {
  await applyApprovedContract(deps, {
    project: data.project,
    contract: dataContract.parse(JSON.parse(await getText(data.contract))),
    approvedBy: data.approvedBy,
    cause: metadata,
    consumed: { consumer: 'projects/on-contract-approved', eventId: metadata.eventId },
  });
});
