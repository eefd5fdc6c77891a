import { expect, it } from 'vitest';
import { mlflowRoutes as registry } from '#services/registry/contract.ts';
import { mlflowRoutes as tracking } from '#services/tracking/contract.ts';
import { artifactAddress, mlflowAddresses } from './mlflow.ts';

const declared = [...tracking, ...registry];

it.each(Object.entries(mlflowAddresses))(
  'the page calls %s where its contract says',
  (operation, address) => {
    const routes = declared.filter(({ name, versions }) => name === operation && versions.includes('2.0'));
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toContain(address);
  },
);

it('the page opens artifacts where the contract says', () => {
  const routes = declared.filter(({ versions }) => versions.length === 0);
  expect(routes.map(({ method, path }) => `${method} ${path}`)).toContain(artifactAddress);
});
