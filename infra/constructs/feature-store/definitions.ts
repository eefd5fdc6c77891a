import { ProjectApplied } from '#events/projects.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { definitionEnvironment } from '#services/feature-store/env.ts';
import { EventSubscription } from '../event-subscription.ts';
import { ServiceFunction } from '../service-function.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { ServiceTable } from '../service-table.ts';

/** What keeps versions of feature views and services, and which models use them. */
export function featureDefinitions(stack: ServiceStack, table: ServiceTable): void {
  const applied = new ServiceFunction(stack, 'on-project-applied', {
    description: 'Gives versions to the feature views and services of a project revision',
    environmentSchema: definitionEnvironment,
    // Some hundred views and services, each kept by itself.
    timeoutSeconds: 120,
  }).mayQuery('projects');
  table.grantByKey(applied, 'GetItem', 'Query', 'PutItem');
  new EventSubscription(stack, ProjectApplied, applied);

  const registered = new ServiceFunction(stack, 'on-model-version-registered', {
    description: 'Remembers which version of a feature service a model keeps',
    environmentSchema: definitionEnvironment,
  });
  table.grantByKey(registered, 'PutItem');
  new EventSubscription(stack, ModelVersionRegistered, registered);
}
