/**
 * How a request says where its body ends. Node's parser is strict already; this says it again, because two programs that
 * read one length differently are how requests are smuggled. Pure.
 */
import { AppError } from '../platform/app-error.ts';

export type RequestFraming =
  | { readonly kind: 'none' }
  /** `bytes` as it was written: decimal digits. */
  | { readonly kind: 'length'; readonly bytes: string }
  | { readonly kind: 'chunked' };

export interface FramingFacts {
  /** `1.0` or `1.1`. */
  readonly httpVersion: string;
  readonly contentLength: string | undefined;
  readonly transferEncoding: string | undefined;
}

const NONE: RequestFraming = { kind: 'none' };
const CHUNKED: RequestFraming = { kind: 'chunked' };
/** 2^53 has 16 digits; nothing that fits is longer. */
const LENGTH = /^\d{1,15}$/;

/** @returns the framing, or AppError request_malformed for what could be read in two ways */
export function requestFraming({
  httpVersion,
  contentLength,
  transferEncoding,
}: FramingFacts): RequestFraming | AppError {
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined) {
      return new AppError('request_malformed', 'The request has both Content-Length and Transfer-Encoding.');
    }
    if (httpVersion !== '1.1') {
      return new AppError('request_malformed', 'Transfer-Encoding does not exist in HTTP/1.0.');
    }
    if (transferEncoding.toLowerCase() !== 'chunked') {
      return new AppError('request_malformed', `Stoker does not know the transfer encoding "${transferEncoding}".`);
    }
    return CHUNKED;
  }
  if (contentLength === undefined) return NONE;
  if (!LENGTH.test(contentLength)) {
    return new AppError('request_malformed', `"${contentLength}" is not a content length.`);
  }
  return { kind: 'length', bytes: contentLength };
}
