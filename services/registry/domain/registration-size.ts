import { AppError } from '#shared/kernel/errors.ts';

/**
 * A registration travels through the state machines, whose limit is 262,144 bytes of state (Step Functions, service quotas),
 * together with the rest of the release. 2,000 columns with names of 60 characters are 180 kB.
 */
const maxBytes = 200_000;

/** Throws RegistrationTooLarge where a version could be registered but never released. */
export function assertPublishable(registration: {
  readonly signature: { readonly inputs: readonly unknown[] };
}): void {
  const bytes = Buffer.byteLength(JSON.stringify(registration));
  if (bytes <= maxBytes) return;
  throw new AppError(
    'invalid_input',
    'RegistrationTooLarge',
    `The registration has ${bytes} bytes, ${maxBytes} are allowed. Its ${registration.signature.inputs.length} input columns take most of it: give them shorter names, or leave some out with excludeFeatures.`,
  );
}
