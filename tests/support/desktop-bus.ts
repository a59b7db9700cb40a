/** A private D-Bus for tests: a dbus-daemon of its own, calls to what is on it, and stand-ins for services, answered message by message. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import dbus, { type Message, type MessageBus } from 'dbus-next';
import { untilFound } from './until.ts';

export interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature?: string;
  readonly body?: readonly unknown[];
}

/** What a stand-in answers: the signature and the values. */
export type BusAnswer = readonly [signature: string, ...values: unknown[]];
export type BusMethods = Readonly<Record<string, (...values: unknown[]) => BusAnswer>>;

export interface PrivateBus {
  /** For DBUS_SESSION_BUS_ADDRESS and its like. */
  readonly address: string;
  readonly pid: number;
  /** Variants are unwrapped. @throws DBusError when refused */
  call(call: Call): Promise<unknown[]>;
  names(): Promise<string[]>;
  /** Resolves when somebody owns the name. */
  untilOwned(name: string): Promise<void>;
  /** Owns the name and answers calls to `interface.member` under any path. */
  serve(name: string, methods: BusMethods): Promise<void>;
  signal(path: string, interfaceName: string, member: string, signature: string, body: readonly unknown[]): void;
  close(): Promise<void>;
}

export interface BusOptions {
  readonly folder: string;
  readonly name: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Services of this machine that it starts when they are called. No others: a key store would be started, and ask for a password. */
  readonly starts: readonly string[];
}

const THE_BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;

export async function startBus(options: BusOptions): Promise<PrivateBus> {
  const socket = join(options.folder, `${options.name}.bus`);
  const configuration = join(options.folder, `${options.name}-bus.conf`);
  const services = join(options.folder, `${options.name}-services`);
  mkdirSync(services);
  for (const name of options.starts) {
    copyFileSync(`/usr/share/dbus-1/services/${name}.service`, join(services, `${name}.service`));
  }
  writeFileSync(configuration, busConfiguration(socket, services));
  const daemon = spawn(
    'dbus-daemon',
    ['--nofork', '--nopidfile', '--print-address=1', `--config-file=${configuration}`],
    {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  await firstOutput(daemon, 'dbus-daemon');
  // Spelt `socket`, dbus-next connects without its native helper.
  const connection = dbus.sessionBus({ busAddress: `unix:socket=${socket}` });
  connection.on('error', () => undefined);
  const names = async (): Promise<string[]> =>
    (await callOn(connection, { ...THE_BUS, member: 'ListNames' }))[0] as string[];
  return {
    address: `unix:path=${socket}`,
    pid: daemon.pid as number,
    call: (call) => callOn(connection, call),
    names,
    async untilOwned(name) {
      await untilFound(async () => ((await names()).includes(name) ? name : null), `an owner of ${name}`);
    },
    serve: (name, methods) => serveOn(connection, name, methods),
    signal: (path, interfaceName, member, signature, body) =>
      connection.send(dbus.Message.newSignal(path, interfaceName, member, signature, [...body])),
    async close() {
      connection.disconnect();
      if (daemon.exitCode !== null || daemon.signalCode !== null) return;
      daemon.kill('SIGKILL');
      await once(daemon, 'exit');
    },
  };
}

/** A variant, for what goes onto the bus. */
export const variant = (signature: string, value: unknown): unknown => new dbus.Variant(signature, value);

/** Resolves with what a process prints first. @throws when it ends before */
export async function firstOutput(child: ChildProcess, name: string, stream = child.stdout): Promise<string> {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${name} ended with ${code ?? signal} before it was ready`);
  });
  const [chunk] = await Promise.race([once(stream as NonNullable<typeof stream>, 'data'), ended]);
  return String(chunk).trim();
}

async function callOn(connection: MessageBus, call: Call): Promise<unknown[]> {
  const message = new dbus.Message({ ...call, signature: call.signature ?? '', body: [...(call.body ?? [])] });
  const answer = await connection.call(message);
  return ((answer as Message).body ?? []).map(plain);
}

async function serveOn(connection: MessageBus, name: string, methods: BusMethods): Promise<void> {
  connection.addMethodHandler((message: Message) => {
    const method = methods[`${message.interface}.${message.member}`];
    if (method === undefined) return false;
    const [signature, ...values] = method(...message.body.map(plain));
    connection.send(dbus.Message.newMethodReturn(message, signature, values));
    return true;
  });
  const reply = await connection.requestName(name, dbus.NameFlag.DO_NOT_QUEUE);
  if (reply !== dbus.RequestNameReply.PRIMARY_OWNER) throw new Error(`${name} is taken on this bus`);
}

/** Values without their variants. */
function plain(value: unknown): unknown {
  if (value instanceof dbus.Variant) return plain(value.value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

const busConfiguration = (socket: string, services: string): string => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
