import { describe, expect, it } from "vitest";
import { JAEGER_VERSION } from "../../../scripts/stack-parts/jaeger.ts";
import { section, strings, yaml } from "./files.ts";
import {
  documents,
  environmentOf,
  FOLDER,
  list,
  manifests,
  matches,
  ofKind,
  portsOf,
  titled,
  workload,
  workloads,
} from "./kubernetes-documents.ts";
import { unknownKeys } from "./kubernetes-types.ts";

const kustomization = yaml(`${FOLDER}/kustomization.yaml`);
const collectorVersion = String(section(yaml("collector/builder.yaml"), "dist")["version"]);

describe("each document", () => {
  it.each(documents.map((one) => [`${one.kind} ${one.namespace}/${one.name}`, one] as const))(
    "%s fits the schema of Kubernetes",
    async (_, { kind, body }) => {
      const models = (await import(
        /* @vite-ignore */ `kubernetes-models/${String(body["apiVersion"])}`
      )) as Record<string, new (data: object) => { validate(): void }>;
      expect(() => new models[kind]!(body).validate()).not.toThrow();
    },
  );

  it("has no key that Kubernetes does not know", () => {
    expect(unknownKeys(documents)).toBe("");
  });

  it("would be refused with one, deep in a pod", () => {
    const broken = JSON.parse(
      JSON.stringify(documents).replace('"readOnlyRootFilesystem"', '"readOnlyRootFileSystem"'),
    );
    expect(unknownKeys(broken)).toContain("readOnlyRootFileSystem");
  });

  it("is in the kustomization, and no secret is among them", () => {
    expect(
      strings(kustomization["resources"])
        .filter((one) => one.endsWith(".yaml"))
        .sort(),
    ).toEqual([...manifests].sort());
    expect(ofKind("Secret")).toEqual([]);
  });

  it("has a name of its own in its namespace", () => {
    const names = documents.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("is in a namespace that is made here", () => {
    const made = ofKind("Namespace").map(({ name }) => name);
    for (const { kind, namespace } of documents) if (kind !== "Namespace") expect(made).toContain(namespace);
  });
});

describe("each workload", () => {
  it.each(titled(workloads))("%s selects its own pods", (_, { body, labels }) => {
    expect(matches(section(body, "spec", "selector"), labels)).toBe(true);
  });

  it.each(titled(workloads))(
    "%s runs under an account of its own without a token",
    (_, { name, namespace, pod }) => {
      const account = ofKind("ServiceAccount").find(
        (one) => one.namespace === namespace && one.name === name,
      );
      expect(account?.body["automountServiceAccountToken"]).toBe(false);
      expect(pod).toMatchObject({
        serviceAccountName: name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
      });
    },
  );

  it.each(titled(workloads))(
    "%s keeps to what a restricted namespace allows, and writes on mounts only",
    (_, one) => {
      expect(one.pod["securityContext"]).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(one.container["securityContext"]).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      for (const volume of list(one.pod["volumes"])) expect(Object.keys(volume)).not.toContain("hostPath");
      for (const port of list(one.container["ports"])) expect(Object.keys(port)).not.toContain("hostPort");
    },
  );

  it.each(titled(workloads))(
    "%s mounts volumes that it has, and has none that it does not mount",
    (_, one) => {
      const mounted = list(one.container["volumeMounts"]).map(({ name }) => name);
      const claimed = list(section(one.body, "spec")["volumeClaimTemplates"]).map(
        (claim) => section(claim, "metadata")["name"],
      );
      const there = [...list(one.pod["volumes"]).map(({ name }) => name), ...claimed];
      expect([...mounted].sort()).toEqual([...there].sort());
    },
  );

  it.each(titled(workloads))("%s is probed on ports that it has", (_, one) => {
    for (const probe of ["livenessProbe", "readinessProbe"]) {
      const { port } = section(one.container[probe], "httpGet");
      expect([...portsOf(one).keys()]).toContain(port);
    }
  });

  it.each(titled(workloads))(
    "%s asks for CPU and memory, and Go's limit is below that of its memory",
    (_, one) => {
      const { requests, limits } = section(one.container, "resources");
      expect(Object.keys(section(requests))).toEqual(expect.arrayContaining(["cpu", "memory"]));
      const memory = mebibytes(section(limits)["memory"]);
      const go = environmentOf(one)["GOMEMLIMIT"];
      if (go !== undefined) expect(mebibytes(go)).toBeLessThan(memory * 0.9);
      const limiter = environmentOf(one)["AGENT_OTEL_MEMORY_LIMIT_MIB"];
      if (limiter !== undefined) expect(Number(limiter)).toBeLessThan(mebibytes(go));
    },
  );

  it("runs the versions that scripts/stack builds and tests", () => {
    for (const { name, container } of workloads.filter(
      ({ name }) => name.startsWith("agent-") && name !== "agent-orchestrator",
    ))
      expect(container["image"], name).toBe(`otel/opentelemetry-collector-contrib:${collectorVersion}`);
    expect(workload("jaeger").container["image"]).toBe(`jaegertracing/jaeger:${JAEGER_VERSION}`);
  });

  it.each(titled(workloads.filter(({ kind }) => kind !== "DaemonSet")))(
    "%s is spread over zones and nodes",
    (_, one) => {
      const spread = list(one.pod["topologySpreadConstraints"]);
      expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
      ]);
      for (const { labelSelector } of spread) expect(matches(labelSelector, one.labels)).toBe(true);
    },
  );

  it.each(titled(workloads.filter(({ kind }) => kind !== "DaemonSet")))(
    "%s is not drained all at once",
    (_, one) => {
      const budget = ofKind("PodDisruptionBudget").find(
        ({ namespace, body }) =>
          namespace === one.namespace && matches(section(body, "spec", "selector"), one.labels),
      );
      expect(section(budget?.body, "spec")["maxUnavailable"]).toBe(1);
    },
  );
});

/** Of `768Mi`, `3Gi` and Go's `600MiB`. */
function mebibytes(quantity: unknown): number {
  const [, number, unit] = /^(\d+)(Mi|Gi)B?$/.exec(String(quantity)) ?? [];
  return Number(number) * (unit === "Gi" ? 1024 : 1);
}
