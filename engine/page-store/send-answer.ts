/** Writes a kept answer or a file as the answer of a request, with conditions and ranges. Decides nothing about who may have it. */
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type FileValidators, judgeFile } from './file-conditions.ts';

export interface FileToSend extends FileValidators {
  readonly path: string;
  /** Names and values in turn; without validators and length. */
  readonly headers: readonly string[];
}

export interface AnswerToSend {
  readonly status: number;
  /** Names and values in turn, as ComfyUI sent them; without Content-Length. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

type Asking = Pick<IncomingMessage, 'method' | 'headers'>;

/** The response is broken off when the file cannot be read on. */
export function sendFile({ method, headers: asked }: Asking, response: ServerResponse, file: FileToSend): void {
  const validators = validatorFields(file);
  const verdict = judgeFile(asked, file);
  switch (verdict.kind) {
    case 'preconditionFailed':
      response.writeHead(412, [...file.headers, 'Content-Length', '0']).end();
      return;
    case 'notModified':
      response.writeHead(304, [...file.headers, ...validators]).end();
      return;
    case 'unsatisfiable':
      response.writeHead(416, [...file.headers, 'Content-Range', `bytes */${file.bytes}`, 'Content-Length', '0']).end();
      return;
    case 'whole':
    case 'part': {
      const first = verdict.kind === 'part' ? verdict.first : 0;
      const last = verdict.kind === 'part' ? verdict.last : file.bytes - 1;
      const fields = [
        ...file.headers,
        ...validators,
        'Accept-Ranges',
        'bytes',
        'Content-Length',
        `${last - first + 1}`,
      ];
      if (verdict.kind === 'part') fields.push('Content-Range', `bytes ${first}-${last}/${file.bytes}`);
      response.writeHead(verdict.kind === 'part' ? 206 : 200, fields);
      if (method === 'HEAD' || last < first) {
        response.end();
        return;
      }
      createReadStream(file.path, { start: first, end: last })
        .on('error', () => response.destroy())
        .pipe(response);
    }
  }
}

/** Conditions count where ComfyUI's own answer had validators: without, it gives the whole each time too. */
export function sendAnswer(asking: Asking, response: ServerResponse, { status, headers, body }: AnswerToSend): void {
  const etag = fieldOf(headers, 'etag')?.replace(/^(?:W\/)?"(.*)"$/, '$1') ?? null;
  const lastModified = Date.parse(fieldOf(headers, 'last-modified') ?? '');
  const modified = Number.isNaN(lastModified) ? null : lastModified;
  const isFile = status === 200 && fieldOf(headers, 'accept-ranges') === 'bytes';
  const verdict = isFile
    ? judgeFile(asking.headers, { etag, modified, bytes: body.length })
    : { kind: 'whole' as const };
  const isHead = asking.method === 'HEAD';
  switch (verdict.kind) {
    case 'whole':
      response.writeHead(status, [...headers, 'Content-Length', `${body.length}`]).end(isHead ? undefined : body);
      return;
    case 'part': {
      const part = body.subarray(verdict.first, verdict.last + 1);
      const range = `bytes ${verdict.first}-${verdict.last}/${body.length}`;
      response.writeHead(206, [...headers, 'Content-Length', `${part.length}`, 'Content-Range', range]);
      response.end(isHead ? undefined : part);
      return;
    }
    case 'notModified':
      response.writeHead(304, withoutRanges(headers)).end();
      return;
    case 'preconditionFailed':
      response.writeHead(412, ['Content-Length', '0']).end();
      return;
    case 'unsatisfiable':
      response.writeHead(416, ['Content-Range', `bytes */${body.length}`, 'Content-Length', '0']).end();
  }
}

/** The value of a field among names and values in turn. */
export function fieldOf(headers: readonly string[], wanted: string): string | null {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === wanted);
  return index === -1 ? null : (headers[index + 1] ?? null);
}

const validatorFields = ({ etag, modified }: FileValidators): string[] => [
  ...(etag === null ? [] : ['Etag', `"${etag}"`]),
  ...(modified === null ? [] : ['Last-Modified', new Date(modified).toUTCString()]),
];

const withoutRanges = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => headers[at - (at % 2)]?.toLowerCase() !== 'accept-ranges');
