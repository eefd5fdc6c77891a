import { allEvents } from '#events/index.ts';
import { type EventDefinition, eventMetadataSchema } from '#shared/contracts/event.ts';
import { type Artefact, generatedNote, markdownTable } from './artefact.ts';
import { membersOf, outputSchema, type Schema } from './schema-text.ts';
import { localSubscriptions, type Subscription } from './stage-local.ts';

/** Every event: who publishes it, who takes it, what it carries. */
export function eventsCatalogue(): Artefact {
  const subscriptions = localSubscriptions();
  const rows = allEvents.map((event) => [
    `[${event.detailType}](#${event.detailType.toLowerCase().replaceAll('.', '')})`,
    event.service,
    consumersOf(event, subscriptions).join(', ') || '—',
  ]);
  const everything = subscriptions.filter(({ detailTypes }) => detailTypes.length === 0);
  const aws = subscriptions
    .filter(({ bus }) => bus === 'aws')
    .flatMap(({ detailTypes, service, handler }) =>
      detailTypes.map((type) => [type, `${service}/${handler}`]),
    );
  return {
    path: 'docs/reference/events.md',
    content: `# Events

${generatedNote}

Facts on the bus \`millrace-<stage>\`: \`source\` is \`millrace.<service>\`, \`detail-type\` as below, \`detail\` is
\`{ metadata, data }\`. JSON Schemas are in \`events/golden\`, samples in \`events/samples\`. Data may grow by optional members;
anything else is a next version, published beside the old one. A stored object is \`{ uri, sha256, bytes }\`: what is too big for an
event lies in S3. A column is \`{ name, type }\`.

${markdownTable(['event', 'published by', 'taken by'], rows)}

${everything.map(({ service, handler }) => `\`${service}/${handler}\``).join(', ')} takes every event as well.

Events of AWS that services listen to, on the default bus:

${markdownTable(['event', 'taken by'], aws.sort())}

## metadata

${fieldTable(outputSchema(eventMetadataSchema))}

${allEvents.map(section).join('\n\n')}
`,
  };
}

const consumersOf = (event: EventDefinition, subscriptions: readonly Subscription[]): string[] =>
  subscriptions
    .filter(({ bus, detailTypes }) => bus === 'platform' && detailTypes.includes(event.detailType))
    .map(({ service, handler }) => `${service}/${handler}`);

const section = (event: EventDefinition): string =>
  `## ${event.detailType}\n\n${event.description}\n\n${fieldTable(outputSchema(event.data))}`;

function fieldTable(schema: Schema): string {
  return markdownTable(
    ['member', 'type', ''],
    membersOf(schema).map(({ path, type, required }) => [`\`${path}\``, type, required ? '' : 'optional']),
  );
}
