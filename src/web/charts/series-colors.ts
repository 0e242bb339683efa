import type { ThemeColor } from "../color/agent-color.ts";

/** Lines that belong to no agent. The values of styles/tokens.css. */
export const ACCENT: ThemeColor = { light: "#4a55c8", dark: "#8e97ff" };
export const BAD: ThemeColor = { light: "#c7323c", dark: "#ff7a80" };
export const SOFT: ThemeColor = { light: "#7d8796", dark: "#7f899a" };
