import { section, strings, type Yaml } from "./files.ts";
import { list, matches, ofKind, type Workload } from "./kubernetes-documents.ts";

/** Namespaces of others, which every cluster labels with their name. */
const labelsOf = (namespace: string): Yaml => ({
  "kubernetes.io/metadata.name": namespace,
  ...section(ofKind("Namespace").find(({ name }) => name === namespace)?.body, "metadata", "labels"),
});

/** One end of a flow: a workload of ours, or a namespace of somebody else. */
export type End = Workload | { readonly namespace: string; readonly labels?: undefined };

/** Whether the policies let `from` reach `to` on this port: out of the one, if it is ours, and into the other, if that is. */
export function isAllowed(from: End, to: End, port: number): boolean {
  return passes("egress", "to", from, to, port) && passes("ingress", "from", to, from, port);
}

function passes(
  direction: "egress" | "ingress",
  peers: "to" | "from",
  at: End,
  other: End,
  port: number,
): boolean {
  const { labels } = at;
  if (labels === undefined) return true;
  const type = direction === "egress" ? "Egress" : "Ingress";
  const policies = ofKind("NetworkPolicy").filter(({ namespace, body }) => {
    const spec = section(body, "spec");
    return (
      namespace === at.namespace &&
      strings(spec["policyTypes"]).includes(type) &&
      matches(spec["podSelector"], labels)
    );
  });
  // Without a policy for it everything passes; that of the namespace must be there.
  if (policies.length === 0) return false;
  return policies.some(({ namespace, body }) =>
    list(section(body, "spec")[direction]).some(
      (rule) =>
        list(rule["ports"]).some((one) => one["port"] === port) &&
        list(rule[peers]).some((peer) => isPeer(peer, namespace, other)),
    ),
  );
}

function isPeer(peer: Yaml, namespace: string, other: End): boolean {
  const { namespaceSelector, podSelector } = peer;
  if (peer["ipBlock"] !== undefined) return false;
  const isThere =
    namespaceSelector === undefined
      ? other.namespace === namespace
      : matches(namespaceSelector, labelsOf(other.namespace));
  return (
    isThere &&
    (podSelector === undefined || (other.labels !== undefined && matches(podSelector, other.labels)))
  );
}
