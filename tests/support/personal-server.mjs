/** A server in ComfyUI's place that says in each answer for whom it was made: for which person, cookie and key. It knows no other difference. */
import { createServer } from 'node:http';

const [, , host, port] = process.argv;

createServer(({ method, url, headers }, response) => {
  const path = new URL(url ?? '/', 'http://x').pathname.replace(/^\/api(?=\/)/, '');
  const answer = {
    path,
    user: headers['comfy-user'] ?? null,
    cookie: headers.cookie ?? null,
    key: headers.authorization ?? null,
  };
  if (path === '/queue') Object.assign(answer, { queue_running: [], queue_pending: [] });
  if (path === '/prompt') Object.assign(answer, { exec_info: { queue_remaining: 0 } });
  // A visitor without one is given one: such an answer is nobody else's.
  const fields = path === '/i18n' ? { 'Set-Cookie': 'visitor=1' } : {};
  const body = path === '/extensions' ? [] : answer;
  // As ComfyUI with --multi-user.
  const isNobodys = path === '/userdata/user.css' && answer.user === null;
  response.writeHead(isNobodys ? 500 : 200, { 'Content-Type': 'application/json', ...fields });
  response.end(method === 'HEAD' ? undefined : JSON.stringify(body));
}).listen(Number(port), host);
