// Writes package-lock.json anew, every package at the newest version that fits: `node scripts/lock.mjs [FOLDER]` after a change of
// dependencies. Two things that npm alone does not do:
// - no address of a registry in the file, so that it works with any mirror;
// - an entry for each package of another platform (`@biomejs/cli-darwin-arm64`), also where the registry at hand does not have it:
//   without these `npm ci` refuses the file.
// Resolved in an empty folder, since an installed tree holds this platform's packages only.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

const target = process.argv[2] ?? ".";
const folder = mkdtempSync(join(tmpdir(), "agent-otel-lock-"));
try {
  cpSync(join(target, "package.json"), join(folder, "package.json"));
  const args = [
    "install",
    "--package-lock-only",
    "--omit-lockfile-registry-resolved=false",
    "--ignore-scripts",
  ];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  for (const entry of Object.values(lock.packages)) delete entry.resolved;
  addOtherPlatforms(lock.packages);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(target, "package-lock.json"), `${JSON.stringify(lock, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function addOtherPlatforms(packages) {
  for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const path = `node_modules/${name}`;
      const words = name.split(/[-/]/);
      const os = SYSTEMS.filter((system) => words.includes(system));
      const cpu = PROCESSORS.filter((processor) => words.includes(processor));
      if (path in packages || cpu.length === 0 || !/^\d+\.\d+\.\d+/.test(version)) continue;
      const libc = words.includes("musl") ? { libc: ["musl"] } : {};
      packages[path] = {
        version,
        ...(dev && { dev }),
        optional: true,
        cpu,
        ...(os.length > 0 && { os }),
        ...libc,
      };
    }
  }
}
