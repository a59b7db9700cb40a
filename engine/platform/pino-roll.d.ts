/** pino-roll ships no types; these are the parts log-destination.ts uses (pino-roll 4 over sonic-boom 4). */
declare module 'pino-roll' {
  interface RollingStream {
    write(text: string): boolean;
    /** @throws when the disk refuses */
    flushSync(): void;
    end(): void;
    destroy(): void;
    on(event: 'write' | 'error' | 'ready' | 'close', listener: (detail?: unknown) => void): this;
    once(event: 'write' | 'error' | 'ready' | 'close', listener: (detail?: unknown) => void): this;
    off(event: 'write' | 'error' | 'ready' | 'close', listener: (detail?: unknown) => void): this;
  }

  export default function build(options: {
    readonly file: string;
    readonly extension: string;
    readonly size: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly mkdir: boolean;
    readonly maxLength: number;
  }): Promise<RollingStream>;
}
