/** A ComfyUI that ends with exit code 0 on `POST /quit` and says nothing, as one that is about to restart itself does. Argument: its port. */
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
createServer((request, response) => {
  response.end(JSON.stringify({ system: { argv: ['--port', String(port)] } }));
  if (request.url === '/quit') process.exit(0);
}).listen(port, '127.0.0.1', () => console.error(`To see the GUI go to: http://127.0.0.1:${port}`));
