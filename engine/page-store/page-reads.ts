/**
 * Gives out what is kept of ComfyUI's page: pictures from their folders, the frontend's files from where they are installed, answers from
 * the shelf as they are after the writes that wait. Compressed where the client takes that. Never asks ComfyUI.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerShelf } from './answer-shelf.ts';
import { type CompressedCopies, isCompressible, type Original } from './compressed-copies.ts';
import type { FrontendTree } from './frontend-tree.ts';
import type { InstalledFile } from './installed-file.ts';
import { keptName, type PageQuestion } from './kept-routes.ts';
import { type AnswerToSend, sendAnswer, sendFile } from './send-answer.ts';
import { type PictureFolders, viewFile } from './view-file.ts';

export interface PageReads {
  /** @returns false when nothing here answers it; then nothing was sent */
  giveOut(question: PageQuestion, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** The same for a file of the frontend, and for nothing else. */
  giveOutFile(route: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Compresses what is kept and what is installed, as far as that was not done before. */
  compress(signal: AbortSignal): Promise<void>;
}

export interface PageReadsDeps {
  readonly shelf: () => AnswerShelf;
  readonly copies: () => CompressedCopies;
  /** Null where the frontend's files cannot be read. */
  readonly tree: () => FrontendTree | null;
  /** Where pictures lie; null where only ComfyUI knows. */
  readonly folders: () => PictureFolders;
  /** The kept body of a read as it is after the writes that wait; the same when they do not touch it. */
  readonly afterWrites: (question: PageQuestion, kept: Buffer | null) => Buffer | null;
  /** Adds to the list of the page's scripts what ComfyUI does not know of. */
  readonly adaptList: (list: Buffer) => Buffer;
}

export function createPageReads({ shelf, copies, tree, folders, afterWrites, adaptList }: PageReadsDeps): PageReads {
  async function giveOutFile(route: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const file = (await tree()?.file(route)) ?? null;
    if (file === null) return false;
    await sendFile(request, response, file, copies().find(idOf(file), acceptedBy(request)));
    return true;
  }

  async function giveOutPicture(target: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const view = await viewFile(target, folders());
    if (view?.kind === 'file') await sendFile(request, response, view.file);
    else if (view !== null) await sendAnswer(request, response, { status: view.status, headers: [], body: NOTHING });
    return view !== null;
  }

  async function giveOutAnswer(question: PageQuestion, request: IncomingMessage, response: ServerResponse) {
    const name = keptName(question);
    const kept = name === null ? null : shelf().find(name.key);
    const before = kept === null ? null : await shelf().read(kept);
    const after = name?.user == null ? before : withWrites(question, before);
    if (after === null) return false;
    const answer = question.route === '/extensions' ? { ...after, body: adaptList(after.body) } : after;
    const isAsKept = kept !== null && answer.body === before?.body;
    await sendAnswer(request, response, answer, isAsKept ? copies().find(kept.sha256, acceptedBy(request)) : null);
    return true;
  }

  function withWrites(question: PageQuestion, before: AnswerToSend | null): AnswerToSend | null {
    const kept = before?.status === 200 ? before.body : null;
    const body = afterWrites(question, kept);
    if (body === null || body === kept) return before;
    return { status: 200, headers: ['Content-Type', 'application/json; charset=utf-8'], body };
  }

  async function filesToCompress(): Promise<Original[]> {
    const opened = tree();
    const originals: Original[] = [];
    for (const route of (await opened?.routes()) ?? []) {
      // Nobody but a developer of the frontend asks for these, and they are more than all the rest.
      const file = route.endsWith('.map') ? null : ((await opened?.file(route)) ?? null);
      if (file !== null && isCompressible(file.headers)) {
        originals.push({ id: idOf(file), read: () => readFile(file.path) });
      }
    }
    return originals;
  }

  const answersToCompress = (): Original[] =>
    shelf()
      .all()
      .filter(({ headers }) => isCompressible(headers))
      .map((kept) => ({
        id: kept.sha256,
        async read() {
          const answer = await shelf().read(kept);
          if (answer === null) throw new Error('damaged');
          return answer.body;
        },
      }));

  return {
    giveOutFile,
    async giveOut(question, request, response) {
      if (question.route === '/view') return giveOutPicture(question.target, request, response);
      if (!question.isApi && (await giveOutFile(question.route, request, response))) return true;
      return giveOutAnswer(question, request, response);
    },
    async compress(signal) {
      await copies().keepOnly([...(await filesToCompress()), ...answersToCompress()], signal);
    },
  };
}

const NOTHING = Buffer.alloc(0);

/** A file that is replaced has another time or length. */
const idOf = ({ path, etag }: Pick<InstalledFile, 'path'> & { etag: string | null }): string =>
  createHash('sha256').update(`${path}\n${etag}`).digest('hex').slice(0, 32);

function acceptedBy({ headers }: IncomingMessage): string | undefined {
  const accepted = headers['accept-encoding'];
  return Array.isArray(accepted) ? accepted.join(',') : accepted;
}
