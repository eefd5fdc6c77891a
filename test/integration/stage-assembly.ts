import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundledCodeSource } from '../../infra/code/bundled-code-source.ts';
import { RecordingCodeSource } from '../../infra/code/code-source.ts';
import { composeStage } from '../../infra/compose.ts';
import { contextOfCdkJson, readStageConfig, type StageConfig } from '../../infra/config.ts';
import { serviceStacks } from '../../infra/stacks/index.ts';
import type { Assemble } from './assemblies.ts';

const rootDir = path.resolve(import.meta.dirname, '../..');

/** The assembly of another stage, with the native code of this machine so that it runs here; `changes` are to its settings. */
export const assemblyOfStage =
  (stage: string, changes: Partial<StageConfig> = {}): Assemble =>
  async (dir) => {
    const outdir = path.join(dir, 'cdk.out');
    const newApp = () =>
      new App({
        context: contextOfCdkJson(),
        postCliContext: { stage },
        outdir,
        analyticsReporting: false,
        autoSynth: false,
      });
    const app = newApp();
    const config = { ...readStageConfig(app.node), ...changes, architecture: 'host' as const };
    const recorded = new RecordingCodeSource();
    composeStage(newApp(), config, recorded, serviceStacks);
    composeStage(app, config, await bundledCodeSource(rootDir, recorded, config.architecture), serviceStacks);
    app.synth();
    return outdir;
  };
