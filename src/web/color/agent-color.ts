import { contrast, fromOklch } from "./oklch.ts";

/** A colour in each theme. */
export interface ThemeColor {
  readonly light: string;
  readonly dark: string;
}

/** What the colours stand on: `--surface` of styles/tokens.css. */
export const SURFACES: ThemeColor = { light: "#ffffff", dark: "#171a21" };
/** WCAG 1.4.11 for what is not text. Colours never say it alone: the name stands beside. */
const MIN_CONTRAST = 3.2;

/** The same name has the same colour on every view and every machine. */
export function agentColor(name: string): ThemeColor {
  const hash = fnv1a(name);
  const hue = (hash % 3600) / 10;
  // Neighbouring hues are hard to tell apart: other bits of the hash move them in lightness and strength.
  const shade = (hash >>> 16) % 3;
  const chroma = (hash >>> 20) % 2 === 0 ? 0.13 : 0.18;
  return {
    light: readable([0.66, 0.56, 0.45][shade] ?? 0.56, -0.01, chroma, hue, SURFACES.light),
    dark: readable([0.62, 0.72, 0.82][shade] ?? 0.72, 0.01, chroma * 0.85, hue, SURFACES.dark),
  };
}

function readable(from: number, step: number, chroma: number, hue: number, on: string): string {
  let lightness = from;
  let color = fromOklch(lightness, chroma, hue);
  while (contrast(color, on) < MIN_CONTRAST && lightness > 0 && lightness < 1) {
    lightness += step;
    color = fromOklch(lightness, chroma, hue);
  }
  return color;
}

/** FNV-1a over UTF-16 units, with a last mixing so that names that end alike differ. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
