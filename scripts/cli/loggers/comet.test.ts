import { describe, expect, it } from 'vitest';
import { cometRun } from './comet.ts';
import type { Archive } from './zip.ts';

const archiveOf = (files: Readonly<Record<string, string>>): Archive => ({
  names: () => Object.keys(files),
  read: async (name) => Buffer.from(files[name] ?? ''),
});
const experiment = JSON.stringify({
  offline_id: 'b5',
  project_name: 'fruit',
  start_time: 1000,
  stop_time: 2000,
  tags: ['first'],
});
const metric = (name: string, value: string, step: number) =>
  `{"type":"metric_msg","payload":{"local_timestamp":1500,"metric":{"metricName":"${name}","metricValue": ${value},"step":${step}}}}`;
const other = (key: string, value: unknown) => JSON.stringify({ type: 'log_other', payload: { key, value } });
const param = (paramName: string, paramValue: unknown) =>
  JSON.stringify({ type: 'parameter_msg', payload: { param: { paramName, paramValue } } });
const upload = (file: string, fileName: string) =>
  JSON.stringify({
    type: 'file_upload',
    payload: { file_path: file, upload_type: 'asset', additional_params: { fileName, assetId: 'a1' } },
  });

describe('archives that Comet wrote offline', () => {
  it('become runs', async () => {
    const messages = [
      other('Name', 'pear'),
      other('who', 'ann'),
      param('depth', 3),
      param('depth', 4),
      metric('loss', '0.5', 1),
      metric('loss', 'NaN', 2),
      upload('tmp1', '/home/ann/notes.txt'),
      JSON.stringify({ type: 'standard_output', payload: { output: 'hello\n' } }),
      JSON.stringify({ type: 'os_packages', payload: {} }),
      JSON.stringify({ type: 'graph', payload: {} }),
    ];
    const archive = archiveOf({
      'experiment.json': experiment,
      'messages.json': messages.join('\n'),
      tmp1: 'kept',
    });
    expect(await cometRun(archive, 'pear.zip')).toEqual({
      key: 'comet b5',
      name: 'pear',
      experiment: 'fruit',
      startTimeMs: 1000,
      endTimeMs: 2000,
      status: 'FINISHED',
      params: [{ key: 'depth', value: '4' }],
      tags: [
        { key: 'comet.tag.first', value: 'true' },
        { key: 'comet.other.who', value: 'ann' },
      ],
      metrics: [
        { key: 'loss', value: 0.5, timestamp: 1500, step: 1 },
        { key: 'loss', value: 'NaN', timestamp: 1500, step: 2 },
      ],
      files: [
        { path: 'asset/notes.txt', content: Buffer.from('kept') },
        { path: 'output.log', content: Buffer.from('hello\n') },
      ],
      leftBehind: [{ what: "1 messages 'graph'", why: 'there is no place for them' }],
    });
  });

  it('are refused where the archive is another', async () => {
    await expect(cometRun(archiveOf({ 'a.txt': '' }), 'a.zip')).rejects.toThrow(
      "'a.zip' has no experiment.json and messages.json",
    );
  });
});
