// Writes docs/api from the docstrings of the package's entries: `node scripts/api-docs/generate.ts`, or `--check` to fail where a page differs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installFolder } from "../install-folder.ts";

const HERE = import.meta.dirname;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TARGET = join(ROOT, "docs/api");

/** Every entry that has types, by the name that users import. */
function entries(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.entries(exports).flatMap(([name, target]) =>
    typeof target === "string" || name === "./register"
      ? []
      : [target.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, "src/$1.ts")],
  );
}

function generate(target: string): void {
  installFolder(HERE, console.error);
  const options = [
    ...entries().flatMap((file) => ["--entryPoints", file]),
    ...["--plugin", join(HERE, "node_modules/typedoc-plugin-markdown/dist/index.js")],
    ...["--tsconfig", "scripts/api-docs/tsconfig.json", "--out", target],
    ...[
      "--router",
      "member",
      "--excludeExternals",
      "--readme",
      "none",
      "--name",
      "agent-otel",
      "--disableSources",
      "--hideBreadcrumbs",
    ],
    ...[
      "--excludePrivate",
      "--excludeInternal",
      "--skipErrorChecking",
      "--logLevel",
      "Warn",
      "--hidePageHeader",
    ],
    ...[
      "--useCodeBlocks",
      "--expandObjects",
      "false",
      "--parametersFormat",
      "table",
      "--interfacePropertiesFormat",
      "table",
    ],
    ...["--treatValidationWarningsAsErrors", "false", "--validation", "false", "--entryFileName", "README"],
  ];
  execFileSync(process.execPath, [join(HERE, "node_modules/typedoc/bin/typedoc"), ...options], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function pagesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".md"),
  );
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

if (process.argv.includes("--check")) {
  const folder = mkdtempSync(join(ROOT, ".stack/api-"));
  try {
    generate(folder);
    const [wanted, found] = [pagesOf(folder), pagesOf(TARGET)];
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    const stale = names.filter((name) => wanted[name] !== found[name]);
    if (stale.length > 0) {
      console.error(
        `docs/api is not what the docstrings say: ${stale.join(", ")}. Run node scripts/api-docs/generate.ts`,
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  rmSync(TARGET, { recursive: true, force: true });
  generate(TARGET);
}
