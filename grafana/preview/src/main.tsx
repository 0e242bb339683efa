import { createTheme, ThemeContext } from "@grafana/data";
import { GlobalStyles, PortalContainer } from "@grafana/ui";
import { createRoot } from "react-dom/client";
import { Board } from "./board.tsx";
import type { BoardData } from "./board-data.ts";
import { colorsOf } from "./colors.ts";

/** `?board=UID&theme=light`, and `var-NAME=VALUE` as in Grafana. */
async function main(): Promise<void> {
  const words = new URLSearchParams(location.search);
  const theme = createTheme({ colors: { mode: words.get("theme") === "light" ? "light" : "dark" } });
  const response = await fetch(`boards/${words.get("board")}.json${location.search}`);
  if (!response.ok) throw new Error(await response.text());
  const data = (await response.json()) as BoardData;
  document.title = String(data.dashboard["title"]);
  document.body.style.background = colorsOf(theme).canvas;
  document.body.style.color = colorsOf(theme).text;
  createRoot(document.getElementById("page")!).render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PortalContainer />
      <Board data={data} theme={theme} />
    </ThemeContext.Provider>,
  );
}

await main();
