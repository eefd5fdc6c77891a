import type { MonitoringObjects } from '#services/monitoring/ports.ts';
import type { CapturedPrediction, GroundTruthLabel } from '#services/predictions/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';

/** The objects that monitoring reads and keeps, in memory, by address. */
export function inMemoryMonitoringObjects() {
  const texts = new Map<string, string>();
  const put = (name: string, text: string): StoredObject => {
    const uri = `s3://bucket-of-data/${name}`;
    texts.set(uri, text);
    return { uri, sha256: sha256Hex(text), bytes: text.length };
  };
  const putJson = (name: string, value: unknown) => {
    const text = JSON.stringify(value);
    return put(`${name}-${sha256Hex(text)}`, text);
  };
  const textOf = (uri: string): string => {
    const text = texts.get(uri);
    if (text === undefined) throw new Error(`There is no ${uri}.`);
    return text;
  };
  const read = async <T>({ uri }: StoredObject) => JSON.parse(textOf(uri)) as T;
  const lines = <T>(uri: string) =>
    textOf(uri)
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const objects: MonitoringObjects = {
    withLines: ({ uri }, run) =>
      run(
        (async function* () {
          yield* textOf(uri).split('\n');
        })(),
      ),
    readCapture: async (uri) => lines<CapturedPrediction>(uri),
    readLabels: async ({ uri }) => lines<GroundTruthLabel>(uri),
    writeProfile: async (profile) => putJson('profile', profile),
    readProfile: read,
    writeEvaluation: async (evaluation) => putJson('evaluation', evaluation),
    readEvaluation: read,
    writePredicted: async (_window, predicted) => putJson('predicted', predicted),
    readPredicted: read,
    writeWindowLabels: async (_window, labels) => putJson('labels', labels),
    readWindowLabels: read,
  };
  return {
    objects,
    put,
    putLines: (name: string, values: readonly unknown[]) =>
      put(name, values.map((value) => JSON.stringify(value)).join('\n')),
  };
}
