import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openProjectFile } from './project-file/read-project-file.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const nameIn = (text: string): string => /^name: (\S+)$/m.exec(text)?.[1] ?? '';

describe('project files that people are shown', () => {
  it.each(globSync('examples/*/project.yaml', { cwd: root }))('%s is accepted', (path) => {
    const text = read(path);
    expect(openProjectFile(text, nameIn(text)).read(undefined, new Map()).name).toBe(nameIn(text));
  });

  it('the README’s project file is accepted', () => {
    const [, text = ''] = /```yaml\n(# project\.yaml\n[^`]+)```/.exec(read('README.md')) ?? [];
    expect(openProjectFile(text, nameIn(text)).read(undefined, new Map())).toMatchObject({
      name: 'churn',
      split: { train: 0.7 },
      deployment: { mode: 'serverless' },
    });
  });
});
