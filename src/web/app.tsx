import { useEffect, useRef, useState } from "preact/hooks";
import { AppContext, type App as AppParts } from "./data/app-context.ts";
import { RouteContext, useAddress } from "./router/use-route.ts";
import { Nav } from "./ui/nav.tsx";
import { StaleBanner } from "./ui/stale-banner.tsx";
import { ThemeContext, useThemeChoice } from "./ui/theme.ts";
import { viewOf } from "./views/views.tsx";

/** The frame around the views. */
export function App({ parts }: { readonly parts: AppParts }) {
  const route = useAddress();
  const { theme, choice, choose } = useThemeChoice();
  const main = useRef<HTMLElement>(null);
  const [searching, setSearching] = useState(false);
  const { key, view } = viewOf(route);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      event.preventDefault();
      if (!focusSearch()) {
        location.hash = "#/traces";
        setSearching(true);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  useEffect(() => {
    if (searching && focusSearch()) setSearching(false);
  });
  // Another view begins at its top.
  useEffect(() => scrollTo(0, 0), [key]);

  return (
    <AppContext.Provider value={parts}>
      <ThemeContext.Provider value={theme}>
        <RouteContext.Provider value={route}>
          <button type="button" class="skip" onClick={() => main.current?.focus()}>
            Skip to the content
          </button>
          <div class="frame">
            <Nav choice={choice} choose={choose} />
            <main id="main" ref={main} tabIndex={-1}>
              <StaleBanner />
              <div class="view" key={key}>
                {view}
              </div>
            </main>
          </div>
        </RouteContext.Provider>
      </ThemeContext.Provider>
    </AppContext.Provider>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=radio]), textarea, select, dialog") !== null
  );
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>("input[type=search]");
  search?.focus();
  search?.select();
  return search !== null;
}
