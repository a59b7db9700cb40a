/** An exception under the name Python gives it: nodes and validation raise it, answers and messages show it. */
export class PythonError extends Error {
  /** For example `RuntimeError` or `PIL.UnidentifiedImageError`. */
  readonly exceptionType: string;
  constructor(exceptionType: string, message: string) {
    super(message);
    this.exceptionType = exceptionType;
  }
}

/** The name under which an error of any kind is shown. */
export function exceptionTypeOf(error: Error): string {
  return error instanceof PythonError ? error.exceptionType : 'RuntimeError';
}
