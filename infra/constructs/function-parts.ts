import { Architecture, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ServiceStack } from './service-stack.ts';

/** What functions of a stage run on. */
export function architectureOf(setting: 'arm64' | 'host'): Architecture {
  return setting === 'arm64' || process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;
}

/** The layer of the stack that holds DuckDB's native library; made when first asked for. */
export function duckdbLayer(stack: ServiceStack): LayerVersion {
  const id = 'DuckdbLayer';
  const existing = stack.node.tryFindChild(id);
  if (existing) return existing as LayerVersion;
  return new LayerVersion(stack, id, {
    description: 'The native library of DuckDB',
    code: stack.platform.code.duckdbLayer(),
    compatibleRuntimes: [Runtime.NODEJS_24_X],
    compatibleArchitectures: [architectureOf(stack.platform.config.architecture)],
  });
}
