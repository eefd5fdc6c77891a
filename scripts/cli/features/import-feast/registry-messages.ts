import { readMessage } from '../../loggers/protobuf.ts';
import { aboutReaders, mapEntry, nested, readField, readSource } from './message-parts.ts';
import type {
  FeastEntity,
  FeastField,
  FeastOnDemandView,
  FeastRegistry,
  FeastService,
  FeastView,
} from './registry-objects.ts';
import { readView, streamViewFields, viewFields } from './view-messages.ts';

/** Reads a registry file: the message Registry of Feast. Throws where the bytes are none. */
export function readRegistry(bytes: Uint8Array): FeastRegistry {
  const entities: FeastEntity[] = [];
  const views: FeastView[] = [];
  const onDemandViews: FeastOnDemandView[] = [];
  const services: FeastService[] = [];
  readMessage(bytes, {
    1: nested((spec) => void entities.push(readEntity(spec))),
    6: nested((spec) => void views.push(readView(spec, viewFields))),
    7: nested((spec) => void services.push(readService(spec))),
    8: nested((spec) => void onDemandViews.push(readOnDemandView(spec))),
    14: nested((spec) => void views.push(readView(spec, streamViewFields))),
  });
  return { entities, views, onDemandViews, services };
}

function readEntity(spec: Uint8Array): FeastEntity {
  const { about, readers } = aboutReaders({ name: 1, project: 9, tags: 8, description: 3, owner: 10 });
  let [joinKey, valueType] = ['', 0];
  readMessage(spec, {
    ...readers,
    2: (reader) => {
      valueType = reader.int32();
    },
    4: (reader) => {
      joinKey = reader.string();
    },
  });
  return { ...about, joinKey, valueType };
}

function readOnDemandView(spec: Uint8Array): FeastOnDemandView {
  const { about, readers } = aboutReaders({ name: 1, project: 2, tags: 7, description: 6, owner: 8 });
  const features: FeastField[] = [];
  const inputs: string[] = [];
  readMessage(spec, {
    ...readers,
    3: (reader) => void features.push(readField(reader.bytes())),
    4: (reader) =>
      readMessage(reader.bytes(), { 2: (inside) => void inputs.push(...readInput(inside.bytes())) }),
  });
  return { ...about, features, inputs };
}

/** What an on-demand view reads: a view, a part of one, or members of the request. */
function readInput(bytes: Uint8Array): string[] {
  const names: string[] = [];
  readMessage(bytes, {
    1: nested((spec) => void names.push(`view ${readView(spec, viewFields).name}`)),
    2: (reader) => {
      const { schema } = readSource(reader.bytes());
      names.push(...schema.map(({ name }) => `request ${name}`));
    },
    3: (reader) => void names.push(`view ${readProjection(reader.bytes()).view}`),
  });
  return names;
}

function readService(spec: Uint8Array): FeastService {
  const { about, readers } = aboutReaders({ name: 1, project: 2, tags: 4, description: 5, owner: 6 });
  const views: FeastService['views'][number][] = [];
  readMessage(spec, { ...readers, 3: (reader) => void views.push(readProjection(reader.bytes())) });
  return { ...about, views };
}

function readProjection(bytes: Uint8Array): FeastService['views'][number] {
  const features: string[] = [];
  const joinKeyMap: Record<string, string> = {};
  let [view, alias] = ['', ''];
  readMessage(bytes, {
    1: (reader) => {
      view = reader.string();
    },
    2: (reader) => void features.push(readField(reader.bytes()).name),
    3: (reader) => {
      alias = reader.string();
    },
    4: mapEntry(joinKeyMap),
  });
  return { view, alias, features, joinKeyMap };
}
