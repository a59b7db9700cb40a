/** pino-roll ships no types; these are the parts log-destination.ts uses (pino-roll 4 over sonic-boom 4). */
declare module 'pino-roll' {
  interface RollingStream {
    write(text: string): boolean;
    end(): void;
    destroy(): void;
    on(event: 'write' | 'error', listener: (detail?: unknown) => void): this;
    once(event: 'error' | 'close', listener: () => void): this;
  }

  export default function build(options: {
    readonly file: string;
    readonly extension: string;
    readonly size: string;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly mkdir: boolean;
    readonly maxLength: number;
    readonly sync: boolean;
  }): Promise<RollingStream>;
}
