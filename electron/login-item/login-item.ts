/** Starting Stoker at login: what every system offers. How each does it is a file of its own. */
export interface LoginItem {
  /** False where nothing lasting could be started, for example a build that runs from its source on Windows. */
  readonly possible: boolean;
  /** @throws when the system refuses */
  set(on: boolean): void;
}

/** What is to be started. */
export interface LoginCommand {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}
