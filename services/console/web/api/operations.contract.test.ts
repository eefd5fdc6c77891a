import { expect, it } from 'vitest';
import { endpoints as approvals } from '#services/approvals/contract.ts';
import { endpoints as datasets } from '#services/datasets/contract.ts';
import { endpoints as deployment } from '#services/deployment/contract.ts';
import { endpoints as evaluation } from '#services/evaluation/contract.ts';
import { endpoints as features } from '#services/feature-store/contract.ts';
import { endpoints as governance } from '#services/governance/contract.ts';
import { endpoints as identity } from '#services/identity/contract.ts';
import { endpoints as monitoring } from '#services/monitoring/contract.ts';
import { endpoints as predictions } from '#services/predictions/contract.ts';
import { endpoints as projects } from '#services/projects/contract.ts';
import { endpoints as registry } from '#services/registry/contract.ts';
import { endpoints as validation } from '#services/validation/contract.ts';
import { addresses } from './operations.ts';

const declared = new Map(
  [
    ...approvals,
    ...datasets,
    ...deployment,
    ...evaluation,
    ...features,
    ...governance,
    ...identity,
    ...monitoring,
    ...predictions,
    ...projects,
    ...registry,
    ...validation,
  ].map(({ operationId, method, path }) => [operationId, `${method} ${path}`]),
);

it.each(Object.entries(addresses))('the page calls %s where its contract says', (operationId, address) => {
  expect(address).toBe(declared.get(operationId));
});
