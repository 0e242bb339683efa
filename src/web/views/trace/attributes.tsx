/** Names and values as they were sent: text, whatever stands in them. */
export function Attributes({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
  if (entries.length === 0) return <p class="muted">None</p>;
  return (
    <dl class="attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>
            <bdi>{name}</bdi>
          </dt>
          <dd>
            <bdi>{typeof value === "string" ? value : JSON.stringify(value, undefined, 1)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
