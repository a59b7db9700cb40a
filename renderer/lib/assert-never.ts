/** Ends an exhaustive switch: the compiler names the case that was forgotten. (The engine has its own; the layers share no code but the contract.) */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
