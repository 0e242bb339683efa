import { type Check, Findings } from "../check.ts";
import { strings, word, yamlOf } from "../data.ts";
import { filesOf } from "../shipped.ts";
import { writeTree } from "../tools/write-tree.ts";
import { FOLDER, MANIFESTS, type Manifest, manifestsOf } from "./kubernetes-manifests.ts";

export const kubernetesSchema: Check = {
  name: "kubernetes-schema",
  holds: "every document fits the schema of its kind, and has no key that Kubernetes does not know",
  async run(shipped) {
    const all = manifestsOf(shipped);
    const findings: Findings[] = [];
    for (const one of all) {
      const found = new Findings(one.file);
      const error = await schemaError(one);
      found.expect(error === undefined, `${one.kind} ${one.name}: ${error}`, "write it as Kubernetes does");
      findings.push(found);
    }
    const { unknownKeys } = await import("../../../test/contract/shipped/kubernetes-types.ts");
    const unknown = new Findings(FOLDER);
    const said = all.length === 0 ? "" : unknownKeys(all);
    for (const [line] of said.matchAll(/error TS\d+: .*/g))
      unknown.add(line, "write the key as Kubernetes does, or take it out");
    return [...findings.flatMap((one) => one.all), ...unknown.all];
  },
};

type Model = new (data: object) => { validate(): void };

async function schemaError({ kind, body }: Manifest): Promise<string | undefined> {
  try {
    const models = (await import(
      /* @vite-ignore */ `kubernetes-models/${word(body, "apiVersion")}`
    )) as Readonly<Record<string, Model>>;
    const Kind = models[kind];
    if (Kind === undefined) return "Kubernetes has no such kind";
    new Kind(body).validate();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export const kustomization: Check = {
  name: "kustomization",
  holds: "kustomize puts deploy/kubernetes together, and nothing in it is left out",
  async run(shipped, tools) {
    const findings = new Findings(`${FOLDER}/kustomization.yaml`);
    if (!shipped.has(findings.file)) return findings.all;
    const resources = strings(yamlOf(shipped, findings.file), "resources");
    for (const [file] of filesOf(shipped, MANIFESTS)) {
      const name = file.split("/").at(-1)!;
      findings.expect(resources.includes(name), `${name} is not among its resources`, "add it");
    }
    const folder = writeTree(shipped, tools.scratch());
    const { code, said } = await tools.program("kustomize", "build", `${folder}/${FOLDER}`);
    findings.expect(
      code === 0,
      `kustomize refuses it: ${said.replaceAll(`${folder}/`, "").trim().slice(0, 600)}`,
      "do what it says",
    );
    return findings.all;
  },
};
