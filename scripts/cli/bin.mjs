#!/usr/bin/env node
// The command runs TypeScript by type stripping, which needs the Node that the package brings; whatever Node started us only hands over.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [major] = process.versions.node.split('.').map(Number);
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
if (major >= 24) {
  await import(main);
} else {
  const node = createRequire(import.meta.url).resolve('node/bin/node');
  const { status } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
