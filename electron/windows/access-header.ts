/** Brings the engine's access token along with what our windows ask of the engine, and of nobody else. No page can read it. */
import type { Session } from 'electron';

/** @param engineUrl, token null while there is none */
export function sendAccessToken(session: Session, engineUrl: () => string | null, token: () => string | null): void {
  session.webRequest.onBeforeSendHeaders((details, answer) => {
    const value = token();
    const url = engineUrl();
    if (value === null || url === null || !isSameHost(details.url, url) || bringsItsOwn(details.requestHeaders)) {
      answer({});
      return;
    }
    answer({ requestHeaders: { ...details.requestHeaders, Authorization: `Bearer ${value}` } });
  });
}

const bringsItsOwn = (headers: Readonly<Record<string, string>>): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');

/** WebSockets too: `ws:` beside `http:`. */
function isSameHost(address: string, engine: string): boolean {
  const [one, other] = [new URL(address), new URL(engine)];
  return one.host === other.host && one.protocol.replace(/^ws/, 'http') === other.protocol;
}
