import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { monitoringEnvironment } from '../env.ts';
import { createMonitoringObjects } from '../store/monitoring-objects.ts';
import { createMonitoringStore } from '../store/monitoring-store.ts';
import { createProjects } from '../store/projects.ts';

/** Reads the environment and opens what nearly every function of the service begins with. */
export function openMonitoring() {
  const environment = readEnvironment(monitoringEnvironment);
  return {
    store: createMonitoringStore(createTable(documentClient(), environment.TABLE_NAME), systemClock),
    objects: createMonitoringObjects(environment.DATA_BUCKET),
    projects: createProjects(environment.MILLRACE_STAGE),
    clock: systemClock,
  };
}
