/** The IPC channels of contract/desktop.ts: one for requests, one for events, each with the name first. Apart from the schemas, so that the preload script carries none. */
export const DESKTOP_CHANNELS = { request: 'stoker:request', event: 'stoker:event' } as const;
