/** What the SDK signs with. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles: Lambda gives a function its role's credentials in the environment,
 * so the SDK's search through profiles, sign-in by browser and metadata services would be dead weight, half of all files.
 */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      'The environment holds no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which Lambda gives every function. Give both to run the bundle elsewhere.',
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
};
