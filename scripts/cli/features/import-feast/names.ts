/** Names here: a letter first, then lower-case letters, digits and underscores, at most 63. */
const maxLength = 63;

/** The name here that is nearest to a name of Feast's. */
export function featureNameOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9_]+/g, '_');
  return (/^[a-z]/.test(plain) ? plain : `f_${plain}`).slice(0, maxLength);
}

/** A project's name that is nearest to a name of Feast's: a letter first, then lower-case letters, digits and hyphens, 2 to 32. */
export function projectNameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  const named = /^[a-z]/.test(plain) ? plain : `data-${plain}`;
  return named.slice(0, 32).replace(/-+$/, '').padEnd(2, '0');
}
