import type { GrafanaTheme2 } from "@grafana/data";

/** The theme's colours for what the page draws itself. */
export const colorsOf = ({ colors }: GrafanaTheme2) => ({
  text: colors.text?.primary ?? "",
  weak: colors.text?.secondary ?? "",
  line: colors.border?.strong ?? "",
  panel: colors.background?.primary ?? "",
  canvas: colors.background?.canvas ?? "",
});
