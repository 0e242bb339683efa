import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Every TypeScript file of src/, relative to the root. */
export const sourceFiles: readonly string[] = readdirSync(join(root, "src"), {
  recursive: true,
  encoding: "utf8",
})
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => join("src", name))
  .sort();
