/** The limits of every server of ours that others can reach, and why one could not listen. */
import { AppError } from '../platform/app-error.ts';

export const SERVER_LIMITS = {
  maxHeaderSize: 64 * 1024,
  /** For the head alone (slowloris); a body may take hours. */
  headersTimeout: 60_000,
  requestTimeout: 0,
  /** Longer than proxies and browsers keep a connection, so that they close it and no request meets a closing one. */
  keepAliveTimeout: 75_000,
  insecureHTTPParser: false,
  noDelay: true,
} as const;

/** Connections beyond the WebSockets that the settings allow. */
export const PLAIN_CONNECTIONS = 2048;

/** @param setting the one that names the host, for example `network.host` */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number, setting: string): AppError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError('public_port_taken', `Another program listens on ${host}:${port} already.`, {
        details: { host, port },
      });
    case 'EACCES':
      return new AppError('public_port_taken', `The system does not let Stoker listen on ${host}:${port}.`, {
        details: { host, port },
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AppError('invalid_settings', `${setting}: "${host}" is no address of this computer.`);
    default:
      return new AppError('internal', `Stoker could not listen on ${host}:${port}.`, { cause: error });
  }
}

/** How this computer reaches it: a wildcard is where it listens, not where anybody finds it. */
export const reachableHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);
