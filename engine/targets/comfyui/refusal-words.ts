/** ComfyUI's 400 answer to a workflow, in words. Pure. */
import { fieldsOf, textOf } from '../../comfyui/json-fields.ts';

const MOST_PROBLEMS = 5;

/** @param answer `{ error: { message, details }, node_errors: { [id]: { class_type, errors: [{ message, details }] } } }` */
export function refusalWords(answer: unknown): string {
  const { error, node_errors: nodeErrors } = fieldsOf(answer);
  const problems = problemsOf(nodeErrors);
  if (problems.length > 0) return `ComfyUI refuses the workflow: ${joined(problems)}.`;
  const message = textOf(error) ?? sentence(fieldsOf(error));
  return message === null
    ? 'ComfyUI refuses the workflow and does not say why.'
    : `ComfyUI refuses the workflow: ${message}.`;
}

/** What was left out of a workflow that runs only in part; null when nothing was. */
export function leftOutWords(nodeErrors: unknown): string | null {
  const problems = problemsOf(nodeErrors);
  return problems.length === 0 ? null : `A part of the workflow was left out: ${joined(problems)}.`;
}

function problemsOf(nodeErrors: unknown): string[] {
  return Object.entries(fieldsOf(nodeErrors)).flatMap(([id, node]) => {
    const { class_type: type, errors } = fieldsOf(node);
    const said = Array.isArray(errors) ? errors.flatMap((each) => sentence(fieldsOf(each)) ?? []) : [];
    return said.map((words) => `${textOf(type) ?? 'node'} (${id}): ${words}`);
  });
}

const joined = (problems: readonly string[]): string => {
  const more = problems.length - MOST_PROBLEMS;
  return problems.slice(0, MOST_PROBLEMS).join('; ') + (more > 0 ? `; and ${more} more` : '');
};

function sentence({ message, details }: Readonly<Record<string, unknown>>): string | null {
  const said = textOf(message)?.replace(/\.$/, '');
  if (said === undefined || said === '') return null;
  const more = textOf(details);
  return more === null || more === '' ? said : `${said} (${more})`;
}
