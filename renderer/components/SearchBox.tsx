/** A field to search by, with a lens, and a cross that empties it. */
import { Search, X } from 'lucide-react';
import { useRef } from 'react';
import styles from './SearchBox.module.css';

export function SearchBox({
  value,
  label,
  clear,
  onChange,
}: {
  value: string;
  label: string;
  /** Names the cross. */
  clear: string;
  onChange: (value: string) => void;
}) {
  const box = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.search}>
      <Search className={styles.lens} aria-hidden />
      <input
        ref={box}
        className={styles.box}
        type="search"
        value={value}
        aria-label={label}
        placeholder={label}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onChange('')}
      />
      {value !== '' && (
        <button
          type="button"
          className={styles.clear}
          aria-label={clear}
          onClick={() => {
            onChange('');
            box.current?.focus();
          }}
        >
          <X aria-hidden />
        </button>
      )}
    </div>
  );
}
