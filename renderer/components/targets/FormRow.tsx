/** One typed field of a target's form: its name and hint, the box, and what is wrong with it once it was touched. */
import type { ReactNode } from 'react';
import { Row, RowProblem } from '../Row.tsx';
import inputs from '../SettingInput.module.css';

export interface FormField<Name extends string> {
  readonly name: Name;
  readonly title: string;
  readonly hint: string;
  /** Room for a number, and a keyboard for one. */
  readonly numeric?: boolean;
  readonly placeholder?: string;
  /** Unit, or what belongs to the number. */
  readonly behind?: ReactNode;
}

export function FormRow<Name extends string>({
  form,
  field,
  value,
  problem,
  onType,
  onBlur,
}: {
  /** Tells the ids of one form from another's. */
  form: string;
  field: FormField<Name>;
  value: string;
  problem: string | undefined;
  onType: (name: Name, value: string) => void;
  onBlur: (name: Name) => void;
}) {
  const { name, title, hint, numeric = false, placeholder, behind } = field;
  const id = `${form}-form-${name}`;
  return (
    <Row
      title={title}
      labels={id}
      hint={hint}
      hintId={`${id}-hint`}
      below={problem !== undefined && <RowProblem id={`${id}-problem`}>{problem}</RowProblem>}
    >
      <span className={inputs.withUnit}>
        <input
          id={id}
          name={name}
          className={numeric ? inputs.number : inputs.text}
          value={value}
          placeholder={placeholder}
          inputMode={numeric ? 'decimal' : undefined}
          aria-describedby={problem === undefined ? `${id}-hint` : `${id}-problem ${id}-hint`}
          aria-invalid={problem !== undefined || undefined}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onType(name, event.target.value)}
          onBlur={() => onBlur(name)}
        />
        {behind}
      </span>
    </Row>
  );
}
