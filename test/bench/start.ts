import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './measurement.ts';
import { startPlatform } from './platform.ts';
import { copyRepository } from './repository-copy.ts';
import { withFolder } from './temporary-folder.ts';

const runs = 3;
const limitSeconds = 10;

export const start: Bench = {
  name: 'start',
  title: 'Start',
  method:
    'From `npm start` to the line that says that Millrace is ready. First start: a copy of the repository with its packages installed and nothing built: no bundles, no `cdk.out`, no data. New data folder: bundles are there, the app is synthesized again. Next start: nothing changed since the last.',
  run: (say) =>
    withFolder(async (folder) => {
      const root = path.join(folder, 'repository');
      const dataDir = path.join(folder, 'data');
      copyRepository(root);
      const secondsToReady = async (): Promise<number> => {
        const platform = await startPlatform(root, dataDir);
        await platform.stop();
        return platform.readyAfterMs / 1000;
      };
      const first: number[] = [];
      const newFolder: number[] = [];
      const next: number[] = [];
      for (let run = 1; run <= runs; run += 1) {
        say(`run ${run} of ${runs}`);
        rmSync(dataDir, { recursive: true, force: true });
        rmSync(path.join(root, '.cache'), { recursive: true, force: true });
        first.push(await secondsToReady());
        rmSync(dataDir, { recursive: true, force: true });
        newFolder.push(await secondsToReady());
        next.push(await secondsToReady());
      }
      return [
        { title: 'First start', unit: 's', values: first, limit: limitSeconds },
        { title: 'New data folder', unit: 's', values: newFolder, limit: limitSeconds },
        { title: 'Next start', unit: 's', values: next, limit: limitSeconds },
      ];
    }),
};
