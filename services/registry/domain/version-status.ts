/** What the platform says of a version, and why. */
export interface VersionStatus {
  readonly status: 'READY' | 'QUARANTINED';
  readonly reason?: string | undefined;
}

/** The same in MLflow's words: clients load what is READY and tell people the message of everything else. */
export function mlflowStatusOf({ status, reason }: VersionStatus): {
  readonly status: 'READY' | 'FAILED_REGISTRATION';
  readonly status_message?: string;
} {
  if (status === 'READY') return { status: 'READY' };
  return { status: 'FAILED_REGISTRATION', status_message: reason ?? 'The version is in quarantine.' };
}
