/** What every command that asks the engine has in common: the options that find it, and `--json`. */
import { Command, InvalidArgumentError } from 'commander';
import { baseUrl, findEngine } from './engine-address.ts';
import { createEngineClient, type EngineClient } from './engine-client.ts';
import { exitWhenOutputCloses } from './output.ts';

export interface ClientOptions {
  readonly url?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** A command with those options; add its own, then `.action(...)`. */
export function clientCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--url <address>', 'the engine at this address (default: the one of the data folder)', parseAddress)
    .option('--data-dir <folder>', 'the engine of this data folder (default: STOKER_DATA_DIR, or the platform’s place)')
    .option('--json', 'print what the engine answered');
}

/** @throws CommandFailure (exit 3) when there is no engine to ask */
export function openClient(options: ClientOptions): EngineClient {
  exitWhenOutputCloses();
  return createEngineClient(findEngine(options, process.env));
}

function parseAddress(text: string): string {
  try {
    return baseUrl(text);
  } catch {
    throw new InvalidArgumentError('It is not an address such as http://127.0.0.1:8188.');
  }
}
