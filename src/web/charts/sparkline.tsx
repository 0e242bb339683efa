/** The shape of a few values. It says nothing that the numbers beside it do not. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const high = Math.max(...values, 0);
  const width = 100 / Math.max(1, values.length);
  return (
    <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, index) => {
        const height = high === 0 ? 1 : Math.max(1, (value / high) * 24);
        return (
          <rect
            // The place in the row is what it is.
            key={index}
            x={index * width + width * 0.12}
            y={24 - height}
            width={width * 0.76}
            height={height}
            class={index === values.length - 1 ? "last" : ""}
          />
        );
      })}
    </svg>
  );
}
