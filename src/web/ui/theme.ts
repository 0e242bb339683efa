import { createContext } from "preact";
import { useCallback, useContext, useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { ThemeColor } from "../color/agent-color.ts";

export type Theme = keyof ThemeColor;
/** `auto`: as the system has it. */
export type ThemeChoice = Theme | "auto";

const KEY = "agent-otel.theme";

/** What is shown now, for what is drawn on a canvas: everything else follows `color-scheme` in CSS. */
export const ThemeContext = createContext<Theme>("light");

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

export function useThemeChoice(): {
  theme: Theme;
  choice: ThemeChoice;
  choose: (choice: ThemeChoice) => void;
} {
  const [choice, setChoice] = useState<ThemeChoice>(kept);
  const [systemDark, setSystemDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setSystemDark(system.matches);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = choice;
  }, [choice]);
  const choose = useCallback((next: ThemeChoice) => {
    setChoice(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Storage may be forbidden: then the choice lasts until the page is loaded again.
    }
  }, []);
  return { theme: choice === "auto" ? (systemDark ? "dark" : "light") : choice, choice, choose };
}

function kept(): ThemeChoice {
  try {
    const choice = localStorage.getItem(KEY);
    return choice === "light" || choice === "dark" ? choice : "auto";
  } catch {
    return "auto";
  }
}
