import { Command } from 'commander';
import { addDefinitionCommands } from './definitions.ts';
import { importFeast } from './import-feast.ts';

/** `millrace features …`. */
export function features(shared: (command: Command) => Command): Command {
  const group = new Command('features').description('what the feature store keeps, by entity and time');
  addDefinitionCommands(group, shared);
  group.addCommand(importFeast());
  return group;
}
