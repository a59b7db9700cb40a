/** Which entry of a list is being edited: none, a new one, or one by its name; and which was added last. */
import { useState } from 'react';

export type Editing =
  | { readonly kind: 'none' }
  | { readonly kind: 'new' }
  | { readonly kind: 'change'; readonly name: string };

export interface EditingState {
  readonly editing: Editing;
  /** The one just added: something of it may be missing still. */
  readonly added: string | null;
  readonly add: () => void;
  readonly change: (name: string) => void;
  /** @param name of one that was added; null for none */
  readonly done: (name: string | null) => void;
}

export function useEditing(): EditingState {
  const [editing, setEditing] = useState<Editing>({ kind: 'none' });
  const [added, setAdded] = useState<string | null>(null);
  return {
    editing,
    added,
    add: () => setEditing({ kind: 'new' }),
    change: (name) => setEditing({ kind: 'change', name }),
    done(name) {
      if (name !== null) setAdded(name);
      setEditing({ kind: 'none' });
    },
  };
}
