import { Server, Socket } from 'node:net';

/** Loaded before a program whose request asks for network isolation: its sockets refuse, as a container without network does. */
const refuse = (): never => {
  throw new Error('connect ENETUNREACH: the job runs with EnableNetworkIsolation');
};
Socket.prototype.connect = refuse;
Server.prototype.listen = refuse;
