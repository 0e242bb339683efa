interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side: radio buttons, so that arrow keys move between them. */
export function Segmented<T extends string>({ label, options, value, onChange }: SegmentedProps<T>) {
  return (
    <fieldset class="segmented">
      <legend class="hidden">{label}</legend>
      {options.map(([key, text]) => (
        <label key={key} class={key === value ? "chosen" : ""}>
          <input
            type="radio"
            name={label}
            value={key}
            checked={key === value}
            onChange={() => onChange(key)}
            class="hidden"
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
