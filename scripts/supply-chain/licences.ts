import satisfies from 'spdx-satisfies';
import { installedPackages, type Lockfile } from './lockfile.ts';

/** SPDX ids of licences that any package may have: permissive, no duty but to name the authors. */
export const allowedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
];

/** Packages that may have another licence, by the beginning of their name, and why. Only ever for packages that are not deployed. */
export interface LicenceException {
  readonly package: string;
  readonly licence: string;
  readonly reason: string;
}
export const licenceExceptions: readonly LicenceException[] = [
  {
    package: 'lightningcss',
    licence: 'MPL-2.0',
    reason: 'Comes with Vite, which runs tests: neither changed nor deployed.',
  },
  ...['CC-BY-3.0', '(MIT AND CC-BY-3.0)'].map((licence) => ({
    package: 'spdx-',
    licence,
    reason: 'Lists of the SPDX project that read licence expressions in this very check: not deployed.',
  })),
];

/** What is wrong with the licences of a lockfile: packages with one that is not allowed, or none, and exceptions that nothing needs. */
export function licenceFindings(
  lockfile: Lockfile,
  exceptions: readonly LicenceException[] = licenceExceptions,
): string[] {
  const used = new Set<LicenceException>();
  const refused = installedPackages(lockfile).filter(({ name, license, dev }) => {
    if (license !== undefined && isAllowed(license)) return false;
    const exception = exceptions.find((one) => name.startsWith(one.package) && one.licence === license);
    if (exception) used.add(exception);
    return !(exception && dev);
  });
  return [
    ...refused.map(
      ({ name, version, license }) =>
        `${name}@${version}: ${license ?? 'no licence'} is not allowed; take another package, or add an exception with its reason`,
    ),
    ...exceptions
      .filter((exception) => !used.has(exception))
      .map(
        (exception) =>
          `exception for ${exception.package} (${exception.licence}): nothing needs it; remove it`,
      ),
  ];
}

function isAllowed(expression: string): boolean {
  try {
    return satisfies(expression, allowedLicences);
  } catch {
    return false;
  }
}
