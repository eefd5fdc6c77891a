import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartRefused } from './data-folder.ts';

/** Throws StartRefused when a loopback port is taken; asked before the slow parts of the start. */
export async function assertPortFree(port: number, flag: string): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    throw portRefused(port, flag, error);
  }
  await new Promise((resolve) => probe.close(resolve));
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Words the failure to listen on a port; other errors are returned as they are. */
export function portRefused(port: number, flag: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const choose = `choose another with ${flag} PORT.`;
  if (code === 'EADDRINUSE') {
    return new StartRefused(`Port ${port} is in use by another program. Stop it, or ${choose}`);
  }
  if (code === 'EACCES') return new StartRefused(`Port ${port} is reserved for the system; ${choose}`);
  return error;
}
