import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditFindings, npmAudit } from '../../scripts/supply-chain/audit.ts';
import { licenceExceptions, licenceFindings } from '../../scripts/supply-chain/licences.ts';
import { type Lockfile, readLockfile } from '../../scripts/supply-chain/lockfile.ts';
import { productionSbom, type Sbom } from '../../scripts/supply-chain/sbom.ts';
import { assemblyOfStage } from '../integration/stage-assembly.ts';
import { deployedPackages } from './parts/deployed-packages.ts';
import { checkTitle, type Part, part, theValue } from './parts/part.ts';
import { runProgram } from './parts/program.ts';
import { pythonEnvironment } from './parts/python.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(tmpdir(), 'millrace-supply-chain-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const cyclonedx = await part(() =>
  pythonEnvironment('cyclonedx', ['cyclonedx-python-lib[json-validation]==11.12.0']),
);

/** Prints what the schema of CycloneDX 1.5 says against a document. */
const validator = `
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
print('' if error is None else str(error.data.message)[:500])
`;

describe.skipIf(cyclonedx.missing)(checkTitle('the bill of materials', cyclonedx), () => {
  const sbom = productionSbom(rootDir);
  const violation = async (document: object): Promise<string> => {
    const file = path.join(dir, 'sbom.json');
    writeFileSync(file, JSON.stringify(document));
    const { code, stdout, stderr } = await runProgram(theValue(cyclonedx).python, ['-c', validator, file]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    return stdout.trim();
  };
  const missing = (packages: readonly string[], { components }: Sbom) => {
    const known = new Set(components.map(({ name, version }) => `${name}@${version}`));
    return packages.filter((one) => !known.has(one));
  };

  it('is a CycloneDX document', async ({ annotate }) => {
    expect(await violation(sbom)).toBe('');
    expect(sbom.metadata.component).toMatchObject({ name: 'millrace', type: 'application' });
    await annotate(`${sbom.components.length} packages, CycloneDX 1.5`);
  });

  it('is found out where a component has no name', async () => {
    const [{ name: _name, ...nameless }, ...rest] = sbom.components as [Sbom['components'][number]];
    expect(await violation({ ...sbom, components: [nameless, ...rest] })).toContain("'name'");
  });

  it('names every package in the code of the deployed functions, and is found out where it does not', async ({
    annotate,
  }) => {
    const packages = deployedPackages(await assemblyOfStage('prod')(dir));
    expect(missing(packages, sbom)).toEqual([]);
    expect(packages.length).toBeGreaterThan(20);
    await annotate(`${packages.length} of them in functions`);
    const [first] = packages;
    const without = sbom.components.filter(({ name, version }) => `${name}@${version}` !== first);
    expect(missing(packages, { ...sbom, components: without })).toEqual([first]);
  });
});

describe('licences', () => {
  const lockfile = readLockfile(rootDir);
  const withPackage = (license: string | undefined, dev = true): Lockfile => ({
    packages: {
      ...lockfile.packages,
      'node_modules/planted': { version: '1.0.0', dev, ...(license ? { license } : {}) },
    },
  });

  it('of all packages are allowed', async ({ annotate }) => {
    expect(licenceFindings(lockfile)).toEqual([]);
    await annotate(`${Object.keys(lockfile.packages).length - 1} packages`);
  });

  it.each([
    ['GPL-3.0-only', 'GPL-3.0-only'],
    ['AGPL-3.0-or-later AND MIT', 'AGPL-3.0-or-later AND MIT'],
    ['SEE LICENSE IN LICENSE.txt', 'SEE LICENSE IN LICENSE.txt'],
    [undefined, 'no licence'],
  ])('are found out where a package has %s', (license, said) => {
    expect(licenceFindings(withPackage(license))).toEqual([
      expect.stringContaining(`planted@1.0.0: ${said} is not allowed`),
    ]);
  });

  it('are found out where an exception is for a deployed package, or for nothing', () => {
    const planted = { package: 'planted', licence: 'MPL-2.0', reason: 'A test.' };
    const exceptions = [...licenceExceptions, planted];
    expect(licenceFindings(withPackage('MPL-2.0'), exceptions)).toEqual([]);
    expect(licenceFindings(withPackage('MPL-2.0', false), exceptions)).toEqual([
      expect.stringContaining('planted@1.0.0'),
    ]);
    expect(licenceFindings(lockfile, exceptions)).toEqual([expect.stringContaining('nothing needs it')]);
  });

  it('may be chosen where a package offers several', () => {
    expect(licenceFindings(withPackage('(MIT OR GPL-3.0-or-later)'))).toEqual([]);
  });
});

/** The audit service is the registry's own: where a mirror has none there is no other way, so that CI goes on, unless it says `required`. */
async function auditOfRegistry(): Promise<Part<ReturnType<typeof npmAudit>>> {
  if (process.env['MILLRACE_AUDIT'] === 'required') return { value: npmAudit(rootDir) };
  try {
    return { value: npmAudit(rootDir) };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}
const audited = await auditOfRegistry();
const today = new Date().toISOString().slice(0, 10);

describe.skipIf(audited.missing)(checkTitle('advisories', audited), () => {
  it('against packages of the lockfile are none, or accepted', () => {
    expect(auditFindings(theValue(audited), today)).toEqual([]);
  });
});

describe('the audit', () => {
  const id = 'GHSA-aaaa-bbbb-cccc';

  /** npm's own audit, asked of a registry that knows one advisory against zod. */
  const plantedReport = async () => {
    const server = createServer(answerAudit(id)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const script = `const { npmAudit } = await import('${rootDir}/scripts/supply-chain/audit.ts');
        process.stdout.write(JSON.stringify(npmAudit('${rootDir}', 'http://127.0.0.1:${port}/')));`;
      const { stdout, stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', script]);
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as ReturnType<typeof npmAudit>;
    } finally {
      server.close();
      server.closeAllConnections();
    }
  };

  it('finds a planted advisory, lives with it until a day, and finds out what nothing needs', async () => {
    const report = await plantedReport();
    expect(auditFindings(report, today, [])).toEqual([`${id} (high): zod *: A planted fault`]);
    const accepted = { advisory: id, reason: 'A test.', until: '2999-01-01' };
    expect(auditFindings(report, today, [accepted])).toEqual([]);
    expect(auditFindings(report, today, [{ ...accepted, until: '2020-01-01' }])).toHaveLength(1);
    const stale = { ...accepted, advisory: 'GHSA-dddd-eeee-ffff' };
    expect(auditFindings(report, today, [accepted, stale])).toEqual([expect.stringContaining('GHSA-dddd')]);
  });
});

const answerAudit = (id: string) => async (request: IncomingMessage, response: ServerResponse) => {
  for await (const _chunk of request);
  const advisory = {
    id: 1,
    url: `https://github.com/advisories/${id}`,
    title: 'A planted fault',
    severity: 'high',
    vulnerable_versions: '*',
    cwe: [],
    cvss: { score: 0, vectorString: null },
  };
  const isAudit = request.url?.endsWith('/security/advisories/bulk');
  response.writeHead(isAudit ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isAudit ? { zod: [advisory] } : {}));
};
