/**
 * Splits the text of a server-sent event stream into events. Our own few lines instead of the browser's EventSource,
 * which hides the heartbeat comments (a dead line looks alive) and the status code (a refused one looks dead).
 */

export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

export interface EventStreamParser {
  /** Takes the next piece of text, cut anywhere; returns the events it completes. */
  push(text: string): StreamEvent[];
}

export function createEventStreamParser(): EventStreamParser {
  let rest = '';
  let name = 'message';
  let data: string[] = [];

  function takeLine(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (data.length > 0) events.push({ name, data: data.join('\n') });
      name = 'message';
      data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  }

  return {
    push(text) {
      const events: StreamEvent[] = [];
      rest += text;
      // A carriage return at the very end may be half of a CRLF: wait for the next piece.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line, events);
      return events;
    },
  };
}
