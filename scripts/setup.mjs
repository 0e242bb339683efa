// Installs what package-lock.json names, when it is not installed yet. Plain JavaScript: on a fresh clone the machine's own
// Node runs this, which may be older than the one that everything else runs on (the `node` package of node_modules/.bin).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".agent-otel-installed");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
const node = join(root, "node_modules", ".bin", "node");

if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted && existsSync(node)) process.exit(0);

console.error("Installing dependencies (npm ci) …");
// Without this variable somebody ran the file by hand, and npm is on the path.
const npm = process.env.npm_execpath;
const [command, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
const args = [...first, "ci", "--loglevel=error", "--no-audit", "--no-fund"];
const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
if (status !== 0) {
  console.error(`npm ci failed${error ? `: ${error.message}` : ""}`);
  process.exit(status ?? 1);
}
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, wanted);
