import { featureNameOf } from './names.ts';
import type { ImportNotes } from './notes.ts';
import type { FeastAbout } from './registry-objects.ts';

/** A name of Feast's as it is here; a note tells where it is another. */
export function renamed(name: string, subject: string, notes: ImportNotes): string {
  const here = featureNameOf(name);
  if (here !== name) notes.changed(subject, `it is named '${here}' here`);
  return here;
}

const maxDescription = 1000;
const maxTag = 256;

/** What objects say of themselves, as far as it has room. */
export const aboutOf = ({ description, owner, tags }: FeastAbout) => ({
  ...(description === '' ? {} : { description: description.slice(0, maxDescription) }),
  ...(owner === '' ? {} : { owner: owner.slice(0, 128) }),
  ...(Object.keys(tags).length === 0
    ? {}
    : {
        tags: Object.fromEntries(
          Object.entries(tags).map(([name, value]) => [name.slice(0, 128), value.slice(0, maxTag)]),
        ),
      }),
});
