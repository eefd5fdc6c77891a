import path from 'node:path';
import { startRuntime } from '../../scripts/local/runtime.ts';
import { writeOperationsAssembly } from './operations-template.ts';

/**
 * A runtime in a process of its own, so that clients and services do not share an event loop. Takes a folder, tells its parent the
 * endpoints, and ends when the parent lets go of it.
 */
const folder = process.argv[2] ?? '';
const assemblyDir = path.join(folder, 'cdk.out');
writeOperationsAssembly(assemblyDir);
const dataDir = path.join(folder, 'data');
const runtime = await startRuntime({ assemblyDir, dataDir, awsPort: 0, platformPort: 0 });
process.send?.(runtime.endpoints);
process.once('disconnect', () => void runtime.stop().then(() => process.exit()));
