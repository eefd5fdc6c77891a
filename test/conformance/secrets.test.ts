import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { secretsIn } from './parts/secrets.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');
const maxOutputBytes = 256 * 1024 * 1024;
/** How far back history is looked at: what was pushed before was looked at then. */
const newestCommits = 200;

const git = (repository: string, ...args: readonly string[]) =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', maxBuffer: maxOutputBytes });

/** Files under version control that hold text, with their content. */
const trackedFiles = (): [name: string, content: string][] =>
  git(rootDir, 'ls-files', '-z')
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => [name, readFileSync(path.join(rootDir, name))] as const)
    .filter(([, content]) => !content.includes(0))
    .map(([name, content]) => [name, content.toString('utf8')]);

/** What the newest commits added, by file and commit: a secret that a later one removed is still there for everybody. */
const additions = (repository: string): [name: string, content: string][] =>
  git(
    repository,
    'log',
    `--max-count=${newestCommits}`,
    '-p',
    '--no-color',
    '--unified=0',
    '--format=commit %h',
  )
    .split(/^(?=commit [0-9a-f]{7,}$)/m)
    .map((patch) => {
      const [commit = ''] = patch.split('\n', 1);
      const added = patch.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'));
      return [commit, added.map((line) => line.slice(1)).join('\n')];
    });

const scan = async (texts: readonly [name: string, content: string][]) =>
  (await Promise.all(texts.map(([name, content]) => secretsIn(name, content)))).flat();

/** Made here, so that this file holds none. */
const planted = {
  'a key of AWS': `aws_secret_access_key = ${'wJalrXUtnFEMI'}/${'K7MDENG'}/bPxRfiCY${'Zq8rTn4vQk'}`,
  'a private key': `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'MIIEowIBAAKCAQEA'.repeat(8)}\n-----END RSA ${'PRIVATE'} KEY-----`,
  'a token of GitHub': `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6'}`,
  'a token of npm': `npm_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6'}`,
  'a token of Millrace': `mlr_01M7YNT0GC91K2T91QVN2R4ZHW_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6jK9mN2p'}`,
};

describe('secrets', () => {
  it('are in no file under version control', async ({ annotate }) => {
    const files = trackedFiles();
    expect(await scan(files)).toEqual([]);
    expect(files.length).toBeGreaterThan(500);
    await annotate(`${files.length} files`);
  });

  it(`are in nothing that the newest ${newestCommits} commits added`, async ({ annotate }) => {
    const patches = additions(rootDir);
    expect(await scan(patches)).toEqual([]);
    await annotate(`${patches.length} commits`);
  });

  it.each(Object.entries(planted))('are found: %s, planted in a copy of a file', async (_what, secret) => {
    const text = readFileSync(path.join(rootDir, 'cdk.json'), 'utf8');
    expect(await secretsIn('cdk.json', text)).toEqual([]);
    const found = await secretsIn('cdk.json', `${text}\n${secret}\n`);
    const line = text.split('\n').length + 1;
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(`cdk.json:${line} `)]));
    expect(found.join()).not.toContain(secret);
  });

  it('are found in history, where a later commit took them out of the file', async () => {
    const repository = mkdtempSync(path.join(tmpdir(), 'millrace-secrets-'));
    try {
      const file = path.join(repository, 'notes.txt');
      const commit = (content: string, message: string) => {
        writeFileSync(file, content);
        git(repository, 'add', 'notes.txt');
        git(repository, '-c', 'user.name=x', '-c', 'user.email=x@example.com', 'commit', '-qm', message);
      };
      git(repository, 'init', '-q');
      commit(`first\n${planted['a token of GitHub']}\n`, 'first');
      commit('first\n', 'second');
      expect(await scan(additions(repository))).toEqual([
        expect.stringMatching(/^commit [0-9a-f]+:2 @secretlint\/secretlint-rule-github /),
      ]);
    } finally {
      rmSync(repository, { recursive: true, force: true });
    }
  });
});
