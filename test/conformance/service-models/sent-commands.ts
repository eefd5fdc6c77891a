import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const rootDir = path.resolve(import.meta.dirname, '../../..');

/** Operations that the document client of DynamoDB calls otherwise. */
const documentOperations: Readonly<Record<string, string>> = {
  BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  Put: 'PutItem',
  TransactWrite: 'TransactWriteItems',
};

/** The operations that the code of the functions sends, by the commands of the SDK that it names. */
export function sentOperations(): readonly string[] {
  const sources = globSync('{services,shared}/**/*.ts', {
    cwd: rootDir,
    exclude: (file) => file.endsWith('.test.ts'),
  });
  const names = sources.flatMap((file) => {
    const text = readFileSync(path.join(rootDir, file), 'utf8');
    return [...text.matchAll(/\bnew ([A-Z]\w+)Command\(/g)].map(([, name]) => name!);
  });
  return [...new Set(names.map((name) => documentOperations[name] ?? name))].sort();
}
