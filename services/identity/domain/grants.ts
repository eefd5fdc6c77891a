const projectPattern = /^(\*|[a-z][a-z0-9-]{1,31})$/;

/** What is wrong with the first grant that cannot be given; undefined where all can. */
export function invalidGrant(grants: readonly { readonly project: string }[]): string | undefined {
  const wrong = grants.find(({ project }) => !projectPattern.test(project));
  return (
    wrong &&
    `'${wrong.project}' is no project’s name. Name a project (2 to 32 lower-case letters, digits and hyphens), or write * for all.`
  );
}

export function isExpired({ expiresAt }: { readonly expiresAt?: string | undefined }, now: Date): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now.getTime();
}
