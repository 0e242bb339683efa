import { useEffect, useState } from "preact/hooks";
import { useHref, useRoute } from "../router/use-route.ts";
import { Icon, type IconName } from "./icon.tsx";
import { LiveStatus } from "./live-status.tsx";
import type { ThemeChoice } from "./theme.ts";

const VIEWS: readonly (readonly [path: string, title: string, icon: IconName])[] = [
  ["", "Overview", "overview"],
  ["graph", "Interactions", "graph"],
  ["agents", "Agents", "agents"],
  ["traces", "Traces", "traces"],
  ["costs", "Costs", "costs"],
  ["breakers", "Breakers", "breakers"],
  ["failures", "Failures", "failures"],
  ["dead-letters", "Dead letters", "letters"],
];

const NEXT: Readonly<Record<ThemeChoice, ThemeChoice>> = { auto: "light", light: "dark", dark: "auto" };
const ICONS: Readonly<Record<ThemeChoice, IconName>> = { auto: "auto", light: "sun", dark: "moon" };

interface NavProps {
  readonly choice: ThemeChoice;
  readonly choose: (choice: ThemeChoice) => void;
}

/** Brand, views, and how the page is doing. On narrow screens the views are behind a button. */
export function Nav({ choice, choose }: NavProps) {
  const { path } = useRoute();
  const href = useHref();
  const [open, setOpen] = useState(false);
  // Who has chosen a view wants to see it.
  useEffect(() => setOpen(false), [path]);
  return (
    <header class={open ? "side open" : "side"}>
      <div class="brand">
        <a href={href([])} class="brand-link">
          <img src="./favicon.svg" alt="" width="22" height="22" />
          agent-otel
        </a>
        <button
          type="button"
          class="button icon-only menu"
          aria-expanded={open}
          aria-controls="views"
          aria-label="Views"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? "close" : "menu"} />
        </button>
      </div>
      <nav id="views" aria-label="Views">
        <ul>
          {VIEWS.map(([view, title, icon]) => (
            <li key={view}>
              <a
                href={href(view === "" ? [] : [view])}
                aria-current={(path[0] ?? "") === view ? "page" : undefined}
              >
                <Icon name={icon} />
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="side-foot">
        <LiveStatus />
        <button
          type="button"
          class="button icon-only quiet"
          onClick={() => choose(NEXT[choice])}
          aria-label={`Theme: ${choice}. Change to ${NEXT[choice]}`}
          title={`Theme: ${choice}`}
        >
          <Icon name={ICONS[choice]} />
        </button>
      </div>
    </header>
  );
}
