import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventStreamParser, type StreamEvent } from '../../../../renderer/lib/event-stream.ts';

const parse = (...pieces: string[]): StreamEvent[] => {
  const parser = createEventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

test('an event has its name and its data', () => {
  expect(parse('event: status\ndata: {"a":1}\n\n')).toEqual([{ name: 'status', data: '{"a":1}' }]);
});

test('heartbeat comments and empty events are none', () => {
  expect(parse(': still here\n\nevent: gpu\n\n')).toEqual([]);
});

test('several data lines are one text, and the name does not stick', () => {
  expect(parse('event: log\ndata: a\ndata:b\n\ndata: c\n\n')).toEqual([
    { name: 'log', data: 'a\nb' },
    { name: 'message', data: 'c' },
  ]);
});

test('the network may cut the stream anywhere, also inside a line end', () => {
  const line = fc.stringMatching(/^[^\r\n]{0,12}$/);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.array(line, { minLength: 1, maxLength: 3 }))),
      fc.constantFrom('\n', '\r\n'),
      fc.array(fc.nat(400)),
      (events, end, cuts) => {
        const text = events
          .map(([name, data]) => `event: ${name}${end}${data.map((each) => `data: ${each}${end}`).join('')}${end}`)
          .join('');
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((to, index) => text.slice(places[index], to));
        expect(parse(...pieces)).toEqual(events.map(([name, data]) => ({ name, data: data.join('\n') })));
      },
    ),
  );
});
