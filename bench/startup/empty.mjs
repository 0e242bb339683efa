// A program that does nothing, but says at its end what it took to get there.
import { writeSync } from "node:fs";

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const rssBytes = process.memoryUsage.rss();
  writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1_000, wallMs: performance.now(), rssBytes }));
});
