import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { root } from "../source-files.ts";
import { section, strings, text, type Yaml } from "./files.ts";

export const FOLDER = "deploy/kubernetes";

export interface KubernetesDocument {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for a namespace. */
  readonly namespace: string;
  readonly body: Yaml;
}

/** A pod template with what makes its pods. */
export interface Workload extends KubernetesDocument {
  readonly labels: Yaml;
  readonly pod: Yaml;
  readonly container: Yaml;
}

export const list = (value: unknown): readonly Yaml[] => (Array.isArray(value) ? value : []);

export const manifests: readonly string[] = readdirSync(join(root, FOLDER)).filter(
  (file) => file.endsWith(".yaml") && file !== "kustomization.yaml",
);

export const documents: readonly KubernetesDocument[] = manifests.flatMap((file) =>
  parseAllDocuments(text(`${FOLDER}/${file}`)).map((document) => {
    const body = document.toJS() as Yaml;
    const { name, namespace } = section(body, "metadata");
    return { file, kind: String(body["kind"]), name: String(name), namespace: String(namespace ?? ""), body };
  }),
);

export const ofKind = (kind: string) => documents.filter((document) => document.kind === kind);

export const workloads: readonly Workload[] = documents
  .filter(({ kind }) => ["DaemonSet", "StatefulSet", "Deployment"].includes(kind))
  .map((document) => {
    const pod = section(document.body, "spec", "template", "spec");
    return {
      ...document,
      labels: section(document.body, "spec", "template", "metadata", "labels"),
      pod,
      container: list(pod["containers"])[0] ?? {},
    };
  });

export function matches(selector: unknown, labels: Yaml): boolean {
  return Object.entries(section(selector, "matchLabels")).every(([key, value]) => labels[key] === value);
}

/** Of its only container, by name; those without a plain value are left out. */
export function environmentOf({ container }: Workload): Readonly<Record<string, string>> {
  const plain = list(container["env"]).filter(({ value }) => value !== undefined);
  return Object.fromEntries(plain.map(({ name, value }) => [String(name), String(value)]));
}

export const titled = <T extends { readonly kind: string; readonly name: string }>(those: readonly T[]) =>
  those.map((one) => [`${one.kind} ${one.name}`, one] as const);
export const workload = (name: string) => workloads.find((one) => one.name === name)!;
/** Those that a selector in this namespace picks. */
export const picked = (selector: unknown, namespace: string) =>
  workloads.filter((one) => one.namespace === namespace && matches({ matchLabels: selector }, one.labels));
export const portsOf = ({ container }: Workload) =>
  new Map(list(container["ports"]).map(({ name, containerPort }) => [String(name), Number(containerPort)]));
/** The file of collector/ or config/ that a workload reads. */
export const configOf = ({ container, name }: Workload) => {
  const file = strings(container["args"])[0]?.split("/").at(-1);
  return name === "jaeger" ? `${FOLDER}/config/${file}` : `collector/${file}`;
};
export const readsConfig = titled(workloads.filter(({ container }) => list(container["args"]).length > 0));

/** `NAME.NAMESPACE.svc…:PORT` in a workload's environment: where it connects to. */
export const targets = workloads.flatMap((from) =>
  Object.entries(environmentOf(from)).flatMap(([variable, value]) => {
    const [, service, namespace, port] =
      /([\w-]+)\.([\w-]+)\.svc(?:\.cluster\.local)?(?::(\d+))?/.exec(value) ?? [];
    return service === undefined ? [] : [{ from, variable, service, namespace, port: Number(port ?? 4317) }];
  }),
);
