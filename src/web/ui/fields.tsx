import { useEffect, useState } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function SelectField({
  label,
  value,
  options,
  onChange,
}: FieldProps & { readonly options: readonly (readonly [value: string, text: string])[] }) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** An amount from 0 on; what is no number changes nothing. */
export function NumberField({
  label,
  value,
  onChange,
  whole = false,
}: FieldProps & { readonly whole?: boolean }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const valid = (whole ? /^\d{0,8}$/ : /^(\d{1,9}(\.\d{1,9})?)?$/).test(text);
  return (
    <label class="field narrow">
      <span>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        value={text}
        placeholder="any"
        aria-invalid={!valid}
        onInput={(event) => setText(event.currentTarget.value.trim())}
        onChange={() => valid && onChange(text)}
      />
    </label>
  );
}
