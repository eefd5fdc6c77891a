import { digestOf } from '#shared/kernel/hash.ts';
import type { ManifestObject } from '../contract.ts';

/** An object of a version with its place in the order that decides which row of a key is the newest. */
export interface PlacedObject {
  readonly object: ManifestObject;
  /** Counts from 0 in the order of availability, then of the manifest. */
  readonly place: number;
}

export interface ComparedObjects {
  readonly shared: readonly { readonly from: PlacedObject; readonly to: PlacedObject }[];
  readonly from: readonly PlacedObject[];
  readonly to: readonly PlacedObject[];
}

/** The objects in the order in which their rows became available. */
export function placed(objects: readonly ManifestObject[]): PlacedObject[] {
  return objects
    .map((object, index) => ({ object, index }))
    .sort((a, b) => Date.parse(a.object.availableAt) - Date.parse(b.object.availableAt) || a.index - b.index)
    .map(({ object }, place) => ({ object, place }));
}

const identity = ({ sha256, reading, partition, availableAt }: ManifestObject): string =>
  digestOf({ sha256, reading, partition: partition ?? {}, availableAt });

/**
 * Which objects both versions hold, and which only one does. An object counts as shared where the shared ones follow each other alike in
 * both; of those that changed places only the first run does, the others are read on both sides.
 */
export function comparedObjects(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
): ComparedObjects {
  const [fromPlaced, toPlaced] = [placed(before), placed(after)];
  const waiting = new Map<string, PlacedObject[]>();
  for (const each of toPlaced) {
    const same = waiting.get(identity(each.object)) ?? [];
    waiting.set(identity(each.object), [...same, each]);
  }
  const shared: { from: PlacedObject; to: PlacedObject }[] = [];
  const onlyFrom: PlacedObject[] = [];
  let lastPlace = -1;
  for (const from of fromPlaced) {
    const same = waiting.get(identity(from.object)) ?? [];
    const to = same.find(({ place }) => place > lastPlace);
    if (!to) {
      onlyFrom.push(from);
      continue;
    }
    lastPlace = to.place;
    shared.push({ from, to });
  }
  const sharedPlaces = new Set(shared.map(({ to }) => to.place));
  return { shared, from: onlyFrom, to: toPlaced.filter(({ place }) => !sharedPlaces.has(place)) };
}
