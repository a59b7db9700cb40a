/**
 * `stoker serve`: runs the engine in this process until a signal, or its API, ends it. `--attended` and `--secrets-from-stdin`
 * are what the desktop application starts its engine with (docs/cli.md).
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ignoreClosedOutput, print } from '../output.ts';
import { readSecretsFromStdin } from '../secrets-from-stdin.ts';

interface ServeOptions {
  readonly demo?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly dataDir?: string;
  readonly attended?: boolean;
  readonly secretsFromStdin?: boolean;
}

/** What still keeps the process alive this long after everything was closed does not matter any more. */
const LINGER_MS = 2000;

/** @param programFolder the build's folder: `renderer/` and `simulator/` lie in it */
export function serveCommand(programFolder: string): Command {
  return new Command('serve')
    .description('run the engine: gateway, supervisor and dashboard; ends on Ctrl-C or SIGTERM')
    .option('--demo', 'with the built-in simulator in place of a ComfyUI')
    .option('--port <number>', 'listen on this port, 0 for a free one (default: the setting, 8188)', parsePort)
    .option('--host <address>', 'listen on this address (default: the setting, 127.0.0.1)')
    .option('--data-dir <folder>', 'keep everything there (default: STOKER_DATA_DIR, or the platform’s place)')
    .addOption(new Option('--attended', 'end when nobody has used it for 15 minutes').hideHelp())
    .addOption(new Option('--secrets-from-stdin', 'read secrets from standard input, one JSON line').hideHelp())
    .action(async (options: ServeOptions) => {
      ignoreClosedOutput();
      const secrets = options.secretsFromStdin === true ? await readSecretsFromStdin(process.stdin) : {};
      // Loaded only here: the other commands answer in a tenth of a second without it.
      const { serve } = await import('../../engine/main.ts');
      const { url, problems, closed } = await serve({
        demo: options.demo === true,
        port: options.port ?? null,
        host: options.host ?? null,
        dataDir: options.dataDir ?? null,
        environment: process.env,
        attended: options.attended === true,
        secrets,
        programFolder,
      });
      for (const problem of problems) process.stderr.write(`stoker: ${problem}\n`);
      print(`Stoker ready: ${url}/manager`);
      process.exitCode = await closed;
      setTimeout(() => process.exit(), LINGER_MS).unref();
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It is not a port from 0 to 65535.');
  return port;
}
