import { stringify } from 'yaml';
import type * as z from 'zod';
import type { featureDefinitions } from '#services/projects/contract.ts';
import { aboutOf, renamed } from './about.ts';
import type { WrittenSources } from './map-source.ts';
import { type MappedView, mapView } from './map-view.ts';
import { type ImportNote, ImportNotes } from './notes.ts';
import type { FeastRepository } from './read-repository.ts';
import type { FeastEntity, FeastOnDemandView, FeastRegistry, FeastService } from './registry-objects.ts';
import { columnTypeOf, valueTypeText } from './value-types.ts';

type Written = z.input<typeof featureDefinitions>;

/** Feature definitions of what Feast declares, and what of it they do not say. */
export interface ImportedFeatures {
  readonly features: Written;
  readonly notes: readonly ImportNote[];
}

/** The name of the entity that Feast makes for views without any. */
const feastsOwnEntity = '__dummy';

/** Maps all that a Feast repository declares. */
export function mapRepository({ registry }: FeastRepository): ImportedFeatures {
  const notes = new ImportNotes();
  const entities = mapEntities(registry, notes);
  const views = registry.views.flatMap((view) => {
    const mapped = mapView(view, notes);
    return mapped ? [[view.name, mapped] as const] : [];
  });
  for (const view of registry.onDemandViews) noteOnDemand(view, notes);
  const services = mapServices(registry.services, new Map(views), notes);
  const sources: WrittenSources = Object.fromEntries(
    views.map(([, { source }]) => [source.name, source.written]),
  );
  return {
    features: {
      entities,
      sources,
      featureViews: Object.fromEntries(views.map(([, { name, view }]) => [name, view])),
      ...(Object.keys(services).length > 0 ? { featureServices: services } : {}),
    },
    notes: distinct(notes.all),
  };
}

/** The file of imported definitions; its head says where it comes from and what a person must see to. */
export function featuresFileText({ features, notes }: ImportedFeatures, project: string): string {
  const head = [
    `Features of the Feast project '${project}'.`,
    ...notes
      .filter(({ outcome }) => outcome === 'to do')
      .map(({ subject, reason }) => `To do, ${subject}: ${reason}.`),
  ];
  return `${head.map((line) => `# ${line}\n`).join('')}${stringify(features, { lineWidth: 110 })}`;
}

/** Sources that several views read are told of once. */
const distinct = (notes: readonly ImportNote[]): ImportNote[] => [
  ...new Map(notes.map((note) => [JSON.stringify(note), note])).values(),
];

function mapEntities(registry: FeastRegistry, notes: ImportNotes): NonNullable<Written['entities']> {
  return Object.fromEntries(
    registry.entities
      .filter(({ name }) => name !== feastsOwnEntity)
      .map((entity) => [
        renamed(entity.name, `entity ${entity.name}`, notes),
        { joinKeys: { [entity.joinKey]: joinKeyType(entity, registry, notes) }, ...aboutOf(entity) },
      ]),
  );
}

/** The type of a join key: as views declare its column, else as the entity does. */
function joinKeyType(
  entity: FeastEntity,
  { views }: FeastRegistry,
  notes: ImportNotes,
): 'string' | 'integer' {
  const declared = views
    .flatMap(({ entityColumns }) => entityColumns)
    .find(({ name }) => name === entity.joinKey)?.valueType;
  const valueType = declared ?? entity.valueType;
  const type = columnTypeOf(valueType);
  if (type === 'string' || type === 'integer') return type;
  notes.changed(
    `entity ${entity.name}`,
    `its join key is ${type ?? valueTypeText(valueType)}, and join keys are string or integer; it is string here`,
  );
  return 'string';
}

/** Inputs are a map in the registry, whose order is of no account. */
function noteOnDemand({ name, features, inputs }: FeastOnDemandView, notes: ImportNotes): void {
  const outputs = features.map(
    ({ name: feature, valueType }) => `${feature} (${columnTypeOf(valueType) ?? valueTypeText(valueType)})`,
  );
  notes.leftOut(
    `on-demand feature view ${name}`,
    `Python code makes ${outputs.join(', ')} of ${inputs.toSorted().join(', ')}; write them as expressions under onDemandFeatureViews`,
  );
}

function mapServices(
  services: readonly FeastService[],
  views: ReadonlyMap<string, MappedView>,
  notes: ImportNotes,
): NonNullable<Written['featureServices']> {
  return Object.fromEntries(
    services.flatMap((service) => {
      const subject = `feature service ${service.name}`;
      const named = service.views.flatMap((projection) => {
        if (Object.keys(projection.joinKeyMap).length > 0 || projection.alias !== '')
          notes.leftOut(
            `${subject}, other names of ${projection.view}`,
            'a view has one name and one join key here; declare a view of its own',
          );
        const mapped = views.get(projection.view);
        if (mapped) return referencesTo(mapped, projection.features);
        notes.leftOut(`${subject}, view ${projection.view}`, 'the view is left out');
        return [];
      });
      if (named.length === 0) {
        notes.leftOut(subject, 'nothing of it is left');
        return [];
      }
      const features = named.map(({ feature }) => feature);
      const isAmbiguous = new Set(features).size < features.length;
      if (isAmbiguous)
        notes.changed(
          subject,
          'two views have a feature of one name, so features are named view__feature (fullFeatureNames)',
        );
      const written = {
        features: [...new Set(named.map(({ reference }) => reference))],
        ...(isAmbiguous ? { fullFeatureNames: true } : {}),
        ...aboutOf(service),
      };
      return [[renamed(service.name, subject, notes), written] as const];
    }),
  );
}

/** A view by its name where a service reads all that is left of it, else feature by feature. */
function referencesTo({ name, features }: MappedView, wanted: readonly string[]) {
  const found = wanted.flatMap((feature) => features.get(feature) ?? []);
  const isWhole = found.length === features.size;
  return found.map((feature) => ({ feature, reference: isWhole ? name : `${name}:${feature}` }));
}
