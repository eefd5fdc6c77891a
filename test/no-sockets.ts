import net from 'node:net';

/**
 * Unit tests touch nothing outside the process: opening a socket is an error that names where it was tried to.
 * Tests that need a server belong to the integration project (`*.wire.test.ts` or `test/integration`).
 */
net.Socket.prototype.connect = function connect(...args: unknown[]): never {
  throw new Error(
    `A unit test tried to open a socket to ${JSON.stringify(args[0])}. Move it to an integration test.`,
  );
};
