import { readFileSync } from "node:fs";

interface OwnManifest {
  readonly engines: { readonly node: string };
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The root of this package, with a slash at its end. Found by its name: the build moves code. */
function ownRoot(): URL {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder)) {
    if (nameIn(folder) === "agent-otel") return folder;
    if (new URL("..", folder).href === folder.href) throw new Error("agent-otel has no package.json");
  }
}

function nameIn(folder: URL): unknown {
  try {
    return (JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}

export function ownManifest(): OwnManifest {
  return JSON.parse(readFileSync(new URL("package.json", ownRoot()), "utf8")) as OwnManifest;
}

/** A file or folder of ours, from source or built. @param path Without its ending, as `register`; or with a slash at its end. */
export function ownFile(path: string): URL {
  const isSource = import.meta.url.endsWith(".ts");
  const ending = path.endsWith("/") ? "" : isSource ? ".ts" : ".js";
  return new URL(`${isSource ? "src" : "dist"}/${path}${ending}`, ownRoot());
}
