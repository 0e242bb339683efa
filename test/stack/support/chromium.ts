import { type Browser, chromium } from "playwright-core";
import { chromiumProgram } from "../../../scripts/stack-parts/chromium.ts";

/** Starts Debian's Chromium without a window. As root its own sandbox cannot be used, and it only ever opens our pages. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await chromiumProgram((line) => console.error(line));
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...args, "--disable-dev-shm-usage"] });
}
