/**
 * Instance types of SageMaker with local storage, which hardware encrypts: a `d` after the generation (ml.m5d, ml.c6gd, ml.g4dn,
 * ml.p4d), and the accelerated families that have it without saying so.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
 */
const withLocalStorage = /^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g[56]e?|p5e?n?|trn\d+n?|i\d+[a-z]*)\./;

/**
 * The KMS key that the volume of an instance is to be encrypted with: SageMaker refuses one for instance types with local storage.
 * Undefined where there is no key, or none may be named.
 */
export function volumeKey(keyArn: string | undefined, instanceType: string): string | undefined {
  return withLocalStorage.test(instanceType) ? undefined : keyArn;
}
