import { relative } from "node:path";
import { CLIENT_PACKAGES } from "../clients/known-clients.ts";
import { type Finding, finding, fine, found, skipped } from "../finding.ts";
import { importsOf, isEsModule, packagesBehind, REGISTER } from "../project/imports.ts";
import type { Project } from "../project/project.ts";
import { isCode } from "../project/scan-files.ts";
import type { Check } from "./check.ts";

const PRELOAD = /(?:--import|--require|-r)[ =]"?(\S+?)"?(?=\s|$)/g;
const START = "node --import agent-otel/register app.js";
/** Behind the program's file, where it is an argument of the program. */
const TOO_FAR_BEHIND =
  /\bnode\s+(?:-\S+\s+)*[^\s-]\S*\.[cm]?[jt]s\b[^&|;]*\s(?:--import|--require|-r)[ =]agent-otel\b/;
/** The package itself, which starts nothing. */
const WRONG_FILE = /(?:--import|--require|-r|--(?:experimental-)?loader)[ =]"?(agent-otel)"?(?:\s|$)/;

/** Where the program's files and scripts load `agent-otel/register`, and whether that is before the clients. */
export const registration: Check = {
  name: "register",
  run: (project) => {
    if (project.manifest === undefined && project.files.texts.size === 0) return skipped("no program here");
    const wrong = commandFindings(project);
    if (wrong.length > 0) return found(wrong, "");
    if (isPreloaded(project)) return fine("loaded with --import");
    const late = lateFindings(project);
    if (late.length > 0) return found(late, "");
    if (isMentioned(project)) return fine("loaded before the clients, as far as the files show");
    const message = "nothing in this folder loads agent-otel/register, or starts agent-otel in code";
    return found([finding("register_missing", message, `start the program with ${START}`)], "");
  },
};

function commandsOf({ manifest, env }: Project): readonly (readonly [string, string])[] {
  const scripts = [...(manifest?.scripts ?? [])].map(([name, text]) => [`script ${name}`, text] as const);
  const options = env["NODE_OPTIONS"];
  return options === undefined ? scripts : [["NODE_OPTIONS", options], ...scripts];
}

function commandFindings(project: Project): readonly Finding[] {
  return commandsOf(project).flatMap(([name, text]) => {
    if (TOO_FAR_BEHIND.test(text)) {
      const message = `${name}: --import stands behind the program's file, where Node does not read it`;
      return [finding("register_missing", message, `put it before the file: ${START}`)];
    }
    if (!WRONG_FILE.test(text)) return [];
    const message = `${name}: loads agent-otel, which starts nothing`;
    return [finding("register_missing", message, "load agent-otel/register")];
  });
}

function isPreloaded(project: Project): boolean {
  const { texts } = project.files;
  const starters = [...texts].filter(([path]) => !isCode(path)).map(([, text]) => text);
  const commands = [...commandsOf(project).map(([, text]) => text), ...starters];
  return commands.some((text) =>
    [...text.matchAll(PRELOAD)].some(([, file = ""]) => {
      if (file.startsWith(REGISTER)) return true;
      const name = file.replace(/^(?:\.\/)+/, "");
      return [...texts].some(
        ([path, code]) => relative(project.folder, path) === name && code.includes(REGISTER),
      );
    }),
  );
}

function lateFindings(project: Project): readonly Finding[] {
  return [...project.files.texts].flatMap(([path, text]) => {
    const client = isCode(path) ? lateClient(path, text, project) : undefined;
    if (client === undefined) return [];
    const file = relative(project.folder, path);
    const message = `${file}: ${client} is loaded before agent-otel/register, which is imported by the program itself`;
    return [finding("register_too_late", message, `start it with node --import agent-otel/register ${file}`)];
  });
}

/** A client that is there before register is. */
function lateClient(path: string, text: string, project: Project): string | undefined {
  const imports = importsOf(text);
  const isModule = isEsModule(path, text, project.manifest?.type);
  // All imports of a module are found before the first of them runs; a require() waits for its turn.
  const packages = (upTo: number) => packagesBehind(path, imports.slice(0, upTo), project);
  if (isModule) {
    const all = packages(imports.length);
    return all.has(REGISTER) ? CLIENT_PACKAGES.find((name) => all.has(name)) : undefined;
  }
  const at = imports.findIndex((_, i) => packages(i + 1).has(REGISTER));
  if (at < 0) return undefined;
  const before = packages(at);
  return CLIENT_PACKAGES.find((name) => before.has(name));
}

function isMentioned({ files, manifest, env }: Project): boolean {
  const texts = [...files.texts.values(), ...(manifest?.scripts.values() ?? []), env["NODE_OPTIONS"] ?? ""];
  return texts.some((text) => /agent-otel\/(?:register|start)/.test(text));
}
