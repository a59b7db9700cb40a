/** Who stands in front of the same upstream: nobody, nginx, http-proxy-3, the Flask reference, and Stoker's gateway. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import getPort from 'get-port';
import { forkListening, type ListeningProcess, spawnListening } from './process.ts';
import { findTool } from './tools.ts';

export const CONTESTANTS = ['direct', 'nginx', 'http-proxy', 'flask', 'stoker'] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export interface Contestants {
  readonly upstream: ListeningProcess;
  readonly stoker: ListeningProcess;
  /** Port of each, or why it is missing. */
  readonly ports: Readonly<Record<ContestantName, number | { readonly missing: string }>>;
}

/** Where the built programs of the bench are: beside this one. */
const built = dirname(process.argv[1] ?? '');
const referenceFolder = resolve('bench/reference-flask');

export async function startContestants(say: (line: string) => void): Promise<Contestants> {
  const upstream = await forkListening(join(built, 'gateway/upstream-process.js'));
  const stoker = await forkListening(join(built, 'gateway-process.js'), [String(upstream.port)]);
  const httpProxy = await forkListening(join(built, 'gateway/http-proxy-process.js'), [String(upstream.port)]);
  return {
    upstream,
    stoker,
    ports: {
      direct: upstream.port,
      nginx: await startNginx(upstream.port, say),
      'http-proxy': httpProxy.port,
      flask: await startFlask(upstream.port, say),
      stoker: stoker.port,
    },
  };
}

async function startNginx(upstreamPort: number, say: (line: string) => void): Promise<number | { missing: string }> {
  const nginx = findTool('nginx', say);
  if ('missing' in nginx) return nginx;
  const port = await getPort();
  const folder = mkdtempSync(join(tmpdir(), 'stoker-bench-nginx-'));
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, nginxConfig(folder, port, upstreamPort));
  return (await spawnListening(nginx.path, ['-p', folder, '-c', config], port)).port;
}

/** What we do, done by nginx: one worker, kept connections, nothing buffered on the way. */
function nginxConfig(folder: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  return `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; ${temporary} keepalive_requests 1000000000; client_max_body_size 0;
  upstream comfyui { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://comfyui; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off;
    }
  }
}
`;
}

async function startFlask(upstreamPort: number, say: (line: string) => void): Promise<number | { missing: string }> {
  const python = findTool('python3', say);
  if ('missing' in python) return python;
  const environment = resolve('.cache/bench-flask');
  const gunicorn = join(environment, 'bin/gunicorn');
  if (!existsSync(gunicorn)) {
    say('making a virtual environment for the Flask reference');
    mkdirSync(dirname(environment), { recursive: true });
    const made = [
      spawnSync(python.path, ['-m', 'venv', environment]),
      spawnSync(join(environment, 'bin/pip'), ['install', '-q', '-r', join(referenceFolder, 'requirements.txt')]),
    ];
    if (made.some(({ status }) => status !== 0) || !existsSync(gunicorn)) {
      return { missing: 'Flask could not be installed' };
    }
  }
  const port = await getPort();
  const args = ['--bind', `127.0.0.1:${port}`, '--worker-class', 'gthread', '--workers', '1', '--threads', '64'];
  const app = `app:create_app("http://127.0.0.1:${upstreamPort}")`;
  return (await spawnListening(gunicorn, [...args, app], port, referenceFolder)).port;
}
