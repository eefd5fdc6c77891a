import path from 'node:path';
import { freePort } from '../../../scripts/local/host/free-port.ts';
import { java, mavenFolder } from './maven.ts';
import { type ForeignServer, startServer } from './server.ts';

/** Version of ElasticMQ (Apache-2.0), a queue server with the interface of SQS. */
export const elasticmqVersion = '1.7.1';

/** The folder with ElasticMQ. */
export const elasticmq = () =>
  mavenFolder({ group: 'org.elasticmq', name: 'elasticmq-server_2.13', version: elasticmqVersion });

/** Runs ElasticMQ in memory, on loopback. */
export async function startElasticmq(folder: string): Promise<ForeignServer> {
  const port = await freePort();
  const settings = [
    '-Drest-sqs.bind-hostname=127.0.0.1',
    `-Drest-sqs.bind-port=${port}`,
    '-Dnode-address.host=127.0.0.1',
    `-Dnode-address.port=${port}`,
    '-Drest-stats.enabled=false',
  ];
  const args = [...settings, '-cp', path.join(folder, '*'), 'org.elasticmq.server.Main'];
  return await startServer(java, port, { args, readyPath: '/?Action=ListQueues' });
}
