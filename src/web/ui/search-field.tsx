import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

const PAUSE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Searches when the typing pauses. `/` leads here from everywhere. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    // What was typed since stays; what changed elsewhere (Clear, back) is taken over.
    if (timer.current === undefined) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      latest.current(next.trim());
    }, PAUSE_MS);
  };
  return (
    <label class="search">
      <Icon name="search" />
      <span class="hidden">{label}</span>
      <input
        type="search"
        value={text}
        maxLength={200}
        placeholder={label}
        onInput={(event) => change(event.currentTarget.value)}
      />
      <span class="shortcut" aria-hidden="true">
        /
      </span>
    </label>
  );
}
