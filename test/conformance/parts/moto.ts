import { freePort } from '../../../scripts/local/host/free-port.ts';
import { pythonEnvironment } from './python.ts';
import { type ForeignServer, startServer } from './server.ts';

/** Version of moto (Apache-2.0), a simulation of AWS that runs as a server. */
export const motoVersion = '5.2.5';

/** Path of the program. */
export async function moto(): Promise<string> {
  const requirements = [`moto[s3]==${motoVersion}`, 'flask==3.1.2', 'flask-cors==6.0.1'];
  return (await pythonEnvironment('moto', requirements)).program('moto_server');
}

/** Runs moto in memory, on loopback. */
export async function startMoto(program: string): Promise<ForeignServer> {
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port)];
  return await startServer(program, port, { args, readyPath: '/moto-api/' });
}
