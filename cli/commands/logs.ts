/** `stoker logs`: what ComfyUI printed, and what it prints from now on. */
import { type Command, InvalidArgumentError } from 'commander';
import type { LogLine } from '../../contract/events.ts';
import { LogsQuerySchema, LogsSchema, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import type { EngineClient } from '../engine-client.ts';
import { paint, print, printJson } from '../output.ts';

interface LogsOptions extends ClientOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly search?: string;
}

export function logsCommand(): Command {
  return clientCommand('logs', 'show what ComfyUI printed')
    .option('-f, --follow', 'go on with what it prints until Ctrl-C; with --json a line of JSON each')
    .option('-n, --lines <count>', 'how many of the newest lines, 1 to 10000', parseLines, 100)
    .option('-s, --search <text>', 'only lines that contain this, ignoring case')
    .action(async (options: LogsOptions) => {
      const client = openClient(options);
      const query = new URLSearchParams({ lines: String(options.lines) });
      if (options.search !== undefined) query.set('search', options.search);
      const logs = await client.get(`${MANAGER_ROUTES.logs}?${query}`, LogsSchema);
      if (options.json && !options.follow) {
        printJson(logs);
        return;
      }
      for (const line of logs.lines) printLine(line, options);
      if (options.follow) await follow(client, logs.lines.at(-1)?.sequence ?? 0, options);
    });
}

/** Ends with exit 0 on Ctrl-C. @throws CommandFailure (exit 3) when the engine stops */
async function follow(client: EngineClient, lastPrinted: number, options: LogsOptions): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const wanted = options.search?.toLowerCase() ?? '';
  try {
    // The stream begins with lines from before it was opened, so that none is missed in between.
    for await (const event of client.events(['log'], interrupted.signal)) {
      if (event.name !== 'log') continue;
      for (const line of event.value) {
        if (line.sequence <= lastPrinted) continue;
        lastPrinted = line.sequence;
        if (line.text.toLowerCase().includes(wanted)) printLine(line, options);
      }
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
  }
}

function printLine(line: LogLine, { json }: LogsOptions): void {
  if (json) print(JSON.stringify(line));
  else if (line.level === 'error') print(paint('red', line.text));
  else if (line.level === 'warning') print(paint('yellow', line.text));
  else print(line.text);
}

function parseLines(text: string): number {
  const lines = LogsQuerySchema.shape.lines.safeParse(text);
  if (!lines.success) throw new InvalidArgumentError('It is not a whole number from 1 to 10000.');
  return lines.data;
}
