import { type Data, list, section, word, yamlDocuments } from "../data.ts";
import { filesOf, type Shipped } from "../shipped.ts";

export const FOLDER = "deploy/kubernetes";
export const MANIFESTS = /^deploy\/kubernetes\/(?!kustomization)[^/]+\.yaml$/;
/** What makes pods. */
export const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** A document of deploy/kubernetes. */
export interface Manifest {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly body: Data;
}

export function manifestsOf(shipped: Shipped): readonly Manifest[] {
  return filesOf(shipped, MANIFESTS).flatMap(([file, text]) =>
    yamlDocuments(text).map((body) => ({
      file,
      kind: word(body, "kind"),
      name: word(body, "metadata", "name"),
      namespace: word(body, "metadata", "namespace"),
      body,
    })),
  );
}

/** Workloads whose pods have all of these labels; none where there are no labels. */
export function podsOf(labels: Data, namespace: string, all: readonly Manifest[]): readonly Manifest[] {
  const wanted = Object.entries(labels);
  return all.filter((one) => {
    const has = section(one.body, "spec", "template", "metadata", "labels");
    return (
      WORKLOADS.has(one.kind) &&
      one.namespace === namespace &&
      wanted.length > 0 &&
      wanted.every(([key, value]) => has[key] === value)
    );
  });
}

export const containersOf = ({ body }: Manifest): readonly Data[] =>
  list(body, "spec", "template", "spec", "containers");
