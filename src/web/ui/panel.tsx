import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface PanelProps {
  readonly title: string;
  /** Beside the title: counts, links, filters. */
  readonly aside?: ComponentChildren;
  readonly class?: string | undefined;
  /** Whether what it shows is of an earlier question. */
  readonly waiting?: boolean | undefined;
  readonly children: ComponentChildren;
}

/** A titled part of a view. */
export function Panel({ title, aside, class: more = "", waiting = false, children }: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${more}`} aria-labelledby={id} aria-busy={waiting}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div class="panel-aside">{aside}</div>}
      </div>
      <div class={waiting ? "panel-body waiting" : "panel-body"}>{children}</div>
    </section>
  );
}
