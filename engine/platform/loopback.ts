/** Which addresses only this computer can connect to. Pure. */
import { isIP } from 'node:net';

/** @param host a listen address or name; IPv6 with or without brackets */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}
