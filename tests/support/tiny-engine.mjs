/**
 * A process that does what the desktop shell sees of an engine, and nothing else: takes the lock of its data folder, answers status,
 * events and quit, and misbehaves as `behaviour.json` in that folder says. Run as `node cli/main.js serve --data-dir <folder> …`.
 */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const args = process.argv.slice(2);
const folder = args[args.indexOf('--data-dir') + 1];
const file = (name) => join(folder, name);
/** { failWith?, exitCode?, silent?, busy?, deaf? } */
const behaviour = () => {
  try {
    return JSON.parse(readFileSync(file('behaviour.json'), 'utf8'));
  } catch {
    return {};
  }
};
let handedIn = '';
for await (const chunk of process.stdin) handedIn += chunk;
appendFileSync(file('starts.log'), `${JSON.stringify({ args, handedIn, pid: process.pid })}\n`);

const { failWith, exitCode } = behaviour();
if (failWith !== undefined) {
  console.log('some line before');
  console.log(JSON.stringify({ source: 'stoker', error: failWith }, null, 2));
  process.exit(1);
}
if (exitCode !== undefined) {
  console.error('the reason in words');
  process.exit(exitCode);
}

const server = createServer((request, response) => {
  const { silent, busy, deaf } = behaviour();
  if (silent) return;
  const path = (request.url ?? '/').split('?')[0];
  if (path === '/manager/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': open\n\n');
    return;
  }
  response.setHeader('content-type', 'application/json');
  if (path === '/manager/status') {
    const status = JSON.parse(readFileSync(file('status.json'), 'utf8'));
    response.end(JSON.stringify({ ...status, engine: { ...status.engine, pid: process.pid } }));
  } else if (path === '/manager/quit') {
    let sent = '';
    request.on('data', (chunk) => {
      sent += chunk;
    });
    request.on('end', () => {
      const forced = JSON.parse(sent).force;
      if (busy && !forced) {
        response.statusCode = 409;
        const error = { code: 'work_in_progress', message: 'It works.', details: {} };
        response.end(JSON.stringify({ source: 'stoker', error }));
        return;
      }
      response.end(JSON.stringify({ ending: true }));
      if (!deaf) end();
    });
  } else {
    response.statusCode = 404;
    response.end('{}');
  }
});

function end() {
  rmSync(file('engine.lock'), { force: true });
  process.exit(0);
}
process.on('SIGTERM', () => {
  if (!behaviour().deaf) end();
});
server.listen(0, '127.0.0.1', () => {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const lock = {
    pid: process.pid,
    startToken: `${bootId}/${startTicks}/${process.pid}`,
    nonce: 'n',
    since: new Date().toISOString(),
    url: `http://127.0.0.1:${server.address().port}`,
  };
  writeFileSync(file('engine.lock'), JSON.stringify(lock));
});
