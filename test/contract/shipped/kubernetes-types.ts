import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../source-files.ts";
import type { KubernetesDocument } from "./kubernetes-documents.ts";

/**
 * Kubernetes ignores or refuses a key that it does not know, as it is asked; the published schemas allow any. The types made from
 * the same schemas do not: the compiler refuses a key too many in a literal, however deep.
 *
 * @returns What the compiler says; empty when all is well.
 */
export function unknownKeys(documents: readonly KubernetesDocument[]): string {
  const parent = join(root, "test-output"); // within the checkout, where its packages are found
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "kubernetes-"));
  try {
    const lines = documents.map(({ file, kind, namespace, name, body }) => {
      const version = String(body["apiVersion"]);
      return `// ${file}: ${kind} ${name}\nexport const ${nameOf(file, kind, namespace, name)}: import("kubernetes-models/${version}").I${kind} = ${JSON.stringify(body)};\n`;
    });
    writeFileSync(join(folder, "documents.ts"), lines.join(""));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2023"];
    execFileSync(
      process.execPath,
      [
        join(root, "node_modules/typescript/bin/tsc"),
        ...options,
        "--types",
        "",
        "--ignoreConfig",
        join(folder, "documents.ts"),
      ],
      { encoding: "utf8", stdio: "pipe" },
    );
    return "";
  } catch (error) {
    return String((error as { readonly stdout?: string }).stdout || error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = (...parts: readonly string[]) => parts.join("_").replaceAll(/\W/g, "_");
