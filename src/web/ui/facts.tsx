import type { ComponentChildren } from "preact";
import { type Cost, cost, unpricedNote } from "../format/money.ts";
import { ago, clockTime, utc } from "../format/time.ts";

/** A time on the viewer's clock, with UTC in its title. */
export function Time({ at, relative = false }: { readonly at: string; readonly relative?: boolean }) {
  const nowMs = Date.now();
  return (
    <time dateTime={at} title={utc(at)} class="nowrap">
      {relative ? ago(at, nowMs) : clockTime(at, nowMs)}
    </time>
  );
}

/** A sum of costs, and what it is without. */
export function CostText(props: Cost) {
  const note = unpricedNote(props);
  const text = cost(props);
  return (
    <span class={text === "unknown price" ? "cost faint" : "cost"}>
      {text}
      {note !== undefined && <small class="unpriced"> {note}</small>}
    </span>
  );
}

interface FactProps {
  readonly label: string;
  /** For tests, and for who reads the page with a program. */
  readonly name: string;
  readonly children: ComponentChildren;
  /** Smaller, below. */
  readonly note?: ComponentChildren;
  /** In the corner. */
  readonly corner?: ComponentChildren;
  readonly tone?: "bad" | "warn" | undefined;
}

/** One number with its name. */
export function Fact({ label, name, children, note, corner, tone }: FactProps) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>
        <span class={`fact-value ${tone ?? ""}`} data-fact={name}>
          {children}
        </span>
        {corner}
        {note !== undefined && <span class="fact-note">{note}</span>}
      </dd>
    </div>
  );
}
