import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { installedPackages, readLockfile } from './lockfile.ts';

/** A CycloneDX document, as far as it is read here. https://cyclonedx.org/docs/1.5/json/ */
export interface Sbom {
  readonly metadata: {
    readonly component: Readonly<Record<string, unknown>> & { readonly 'bom-ref': string };
  };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly version: string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly [member: string]: unknown;
}

const maxOutputBytes = 64 * 1024 * 1024;

/**
 * The packages that deployed functions may hold, from the lockfile: the production dependencies with theirs. npm writes it, which
 * needs no network. Tools that only build, test or deploy are left out here: npm's own `--omit dev` also leaves out what both need.
 */
export function productionSbom(rootDir: string): Sbom {
  const options = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
  const text = execFileSync('npm', ['sbom', ...options], {
    cwd: rootDir,
    encoding: 'utf8',
    maxBuffer: maxOutputBytes,
  });
  const everything = JSON.parse(text) as Sbom;
  const deployed = new Set(
    installedPackages(readLockfile(rootDir))
      .filter(({ dev }) => !dev)
      .map(({ name, version }) => `${name}@${version}`),
  );
  const components = everything.components.filter(({ name, version }) => deployed.has(`${name}@${version}`));
  const { component } = everything.metadata;
  const refs = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  return {
    ...everything,
    // npm takes the name of the folder, which is another in every clone.
    metadata: { ...everything.metadata, component: { ...component, name: packageName(rootDir) } },
    components,
    dependencies: everything.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
}

function packageName(rootDir: string): string {
  const text = readFileSync(path.join(rootDir, 'package.json'), 'utf8');
  return (JSON.parse(text) as { name: string }).name;
}
