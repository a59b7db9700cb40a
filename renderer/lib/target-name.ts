/** What is wrong with the name of a target, in words. */
import { words } from '../words.ts';

/** @param name one that the contract refuses */
export function targetNameProblem(name: string): string {
  if (name === '') return words.invalid.required;
  if (name === 'auto' || name === 'local') return words.endpoints.form.nameTaken;
  return words.endpoints.form.badName;
}
