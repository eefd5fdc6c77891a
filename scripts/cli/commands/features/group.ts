import { Command } from 'commander';
import { addDefinitionCommands } from './definitions.ts';
import { importFeast } from './import-feast.ts';
import { addMaterializationCommands } from './materialize.ts';
import { addOnlineCommands } from './online.ts';
import { addOversightCommands } from './oversight.ts';
import { addRetrieveCommand } from './retrieve.ts';

/** `millrace features …`. */
export function features(shared: (command: Command) => Command): Command {
  const group = new Command('features').description('what the feature store keeps, by entity and time');
  addDefinitionCommands(group, shared);
  addOnlineCommands(group, shared);
  addMaterializationCommands(group, shared);
  addRetrieveCommand(group, shared);
  addOversightCommands(group, shared);
  group.addCommand(importFeast());
  return group;
}
