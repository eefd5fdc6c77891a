import { expect, it } from 'vitest';
import { mlflowRoutes as registry } from '#services/registry/mlflow/contract.ts';
import { mlflowRoutes as tracking } from '#services/tracking/mlflow/contract.ts';
import { proxiedArtifactAddress, runArtifactAddress } from './mlflow-artifacts.ts';
import { mlflowAddresses } from './mlflow-call.ts';

const declared = [...tracking, ...registry];
const addressesOf = (routes: typeof declared) => routes.map(({ method, path }) => `${method} ${path}`);

it.each(Object.entries(mlflowAddresses))(
  'the page calls %s where its contract says',
  (operation, address) => {
    const routes = declared.filter(({ name, versions }) => name === operation && versions.includes('2.0'));
    expect(addressesOf(routes)).toContain(address);
  },
);

it('the page opens artifacts where the contract says', () => {
  expect(addressesOf(declared.filter(({ versions }) => versions.length === 0))).toContain(runArtifactAddress);
  expect(addressesOf(declared.filter(({ versions }) => versions.includes('2.0')))).toContain(
    proxiedArtifactAddress,
  );
});
