import { spawnSync } from 'node:child_process';
import * as z from 'zod';

/** An advisory that is known and lived with, until a day. */
export interface AcceptedAdvisory {
  /** Id at https://github.com/advisories, e.g. `GHSA-xxxx-xxxx-xxxx`. */
  readonly advisory: string;
  readonly reason: string;
  /** Last day, `YYYY-MM-DD`: then somebody looks again. */
  readonly until: string;
}

/** None so far. */
export const acceptedAdvisories: readonly AcceptedAdvisory[] = [];

const advisory = z.object({
  name: z.string(),
  title: z.string(),
  url: z.string(),
  severity: z.string(),
  range: z.string(),
});
const auditReport = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
});
export type AuditReport = z.infer<typeof auditReport>;

const maxOutputBytes = 64 * 1024 * 1024;

/**
 * Asks the registry's audit service about everything in the lockfile (`npm audit`). Throws where it cannot be reached: some mirrors
 * serve packages only.
 */
export function npmAudit(rootDir: string, registry?: string): AuditReport {
  const options = ['--json', '--package-lock-only', ...(registry ? ['--registry', registry] : [])];
  const { stdout } = spawnSync('npm', ['audit', ...options], {
    cwd: rootDir,
    encoding: 'utf8',
    maxBuffer: maxOutputBytes,
  });
  const answer: unknown = JSON.parse(stdout);
  const report = auditReport.safeParse(answer);
  if (report.success) return report.data;
  const { message, error } = answer as { message?: string; error?: { summary?: string } };
  const [reason] = (message ?? error?.summary ?? 'no report').split(' - ');
  throw new Error(`the registry’s audit service does not answer: ${reason}`);
}

/** Advisories that are not accepted (or not any more), and acceptances that nothing needs. `today` is `YYYY-MM-DD`. */
export function auditFindings(
  { vulnerabilities }: AuditReport,
  today: string,
  accepted: readonly AcceptedAdvisory[] = acceptedAdvisories,
): string[] {
  const advisories = new Map(
    Object.values(vulnerabilities)
      .flatMap(({ via }) => via)
      .filter((cause) => typeof cause !== 'string')
      .map((cause) => [cause.url.slice(cause.url.lastIndexOf('/') + 1), cause]),
  );
  const isAccepted = (id: string) =>
    accepted.some(({ advisory, until }) => advisory === id && until >= today);
  return [
    ...[...advisories]
      .filter(([id]) => !isAccepted(id))
      .map(([id, { name, range, severity, title }]) => `${id} (${severity}): ${name} ${range}: ${title}`),
    ...accepted
      .filter((one) => !advisories.has(one.advisory))
      .map((one) => `acceptance of ${one.advisory}: nothing needs it; remove it`),
  ];
}
