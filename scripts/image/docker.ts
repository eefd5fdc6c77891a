/**
 * One manifest for one platform, without the attestations that BuildKit adds by itself and SageMaker does not take. A variable, for builders
 * without BuildKit do not know the flag.
 */
export const dockerEnvironment = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' } as const;

/** The commands that build, and where asked for push, an image. */
export function dockerCommands(
  image: { readonly uri: string; readonly context: string },
  { push }: { readonly push: boolean },
): readonly (readonly string[])[] {
  const { uri, context } = image;
  return [['build', '--platform', 'linux/amd64', '--tag', uri, context], ...(push ? [['push', uri]] : [])];
}

/** The repository of an ECR URI; undefined for a text that is none, or one with a tag. */
export function parseRepository(
  text: string,
): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/[a-z0-9][a-z0-9._/-]*$/.exec(text) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}
