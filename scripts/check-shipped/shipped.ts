import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What operators mount, as path below the checkout → text. A planted fault is a changed map, never a changed checkout. */
export type Shipped = ReadonlyMap<string, string>;

/** Folders and files that are read whole. `docs` is here for the runbook, which alerts link to. */
const SHIPPED = [
  "collector",
  "deploy",
  "docs",
  "docker-compose.yml",
  "docker-compose.grafana-alerts.yml",
  "grafana/dashboards",
  "grafana/provisioning",
  "grafana/no-prometheus-alerts.yaml",
];
const TEXTS = /\.(ya?ml|json|md|tmpl|txt|env|example)$/;

/** @param root The folder that holds package.json. */
export function readShipped(root: string): Shipped {
  const paths = SHIPPED.filter((path) => existsSync(join(root, path))).flatMap((path) => below(root, path));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function below(root: string, path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => TEXTS.test(file) && statSync(join(root, file)).isFile());
}

/** Files whose path matches, sorted. */
export const filesOf = (shipped: Shipped, path: RegExp): readonly (readonly [path: string, text: string])[] =>
  [...shipped].filter(([name]) => path.test(name));

/** @throws Error where there is no such file. */
export function textOf(shipped: Shipped, path: string): string {
  const text = shipped.get(path);
  if (text === undefined) throw new Error(`${path} is missing`);
  return text;
}
