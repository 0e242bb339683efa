import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

interface ViewHeadProps {
  readonly title: string;
  /** What the window is called. @default the title */
  readonly windowTitle?: string;
  readonly above?: ComponentChildren;
  readonly children?: ComponentChildren;
  readonly dot?: ComponentChildren;
}

/** The heading of a view. It takes the focus when the view is opened from another, so that screen readers say where one is. */
export function ViewHead({ title, windowTitle = title, above, children, dot }: ViewHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${windowTitle} · agent-otel`;
  }, [windowTitle]);
  // Before other effects, so that a search that was asked for gets the focus after it.
  useLayoutEffect(() => {
    // On the first load the focus stays where the browser puts it.
    if (document.body.dataset["moved"] === "true") heading.current?.focus();
    document.body.dataset["moved"] = "true";
  }, []);
  return (
    <header class="view-head">
      <div class="view-title">
        {above}
        <h1 ref={heading} tabIndex={-1}>
          {dot}
          <bdi>{title}</bdi>
        </h1>
      </div>
      <div class="view-tools">{children}</div>
    </header>
  );
}
