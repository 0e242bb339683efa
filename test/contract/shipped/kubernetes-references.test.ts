import { describe, expect, it } from "vitest";
import { section, strings, text, yaml } from "./files.ts";
import {
  configOf,
  environmentOf,
  FOLDER,
  list,
  ofKind,
  picked,
  portsOf,
  readsConfig,
  targets,
  titled,
  workload,
  workloads,
} from "./kubernetes-documents.ts";
import { isAllowed } from "./kubernetes-flows.ts";

const kustomization = yaml(`${FOLDER}/kustomization.yaml`);

describe("what refers to something", () => {
  it.each(titled(ofKind("Service")))("%s leads to pods that listen", (_, { namespace, body }) => {
    const spec = section(body, "spec");
    const [one, ...more] = picked(spec["selector"], namespace);
    expect(one).toBeDefined();
    expect(more).toEqual([]);
    for (const { targetPort } of list(spec["ports"])) expect([...portsOf(one!).keys()]).toContain(targetPort);
  });

  it.each(titled(ofKind("HorizontalPodAutoscaler")))(
    "%s scales a workload by the CPU it asks for",
    (_, { namespace, body }) => {
      const { kind, name } = section(body, "spec", "scaleTargetRef");
      const target = workloads.find(
        (one) => one.kind === kind && one.name === name && one.namespace === namespace,
      );
      expect(section(target?.container, "resources", "requests")["cpu"]).toBeDefined();
    },
  );

  it.each(titled(ofKind("StatefulSet")))("%s has its headless service", (_, { namespace, body }) => {
    const { serviceName } = section(body, "spec");
    const service = ofKind("Service").find((one) => one.name === serviceName && one.namespace === namespace);
    expect(section(service?.body, "spec")["clusterIP"]).toBe("None");
  });

  it("names ConfigMaps that are generated, and keys that they have", () => {
    const generated = [
      ...list(kustomization["configMapGenerator"]),
      ...list(yaml("collector/kustomization.yaml")["configMapGenerator"]),
    ];
    const keys = (name: unknown) => {
      const one = generated.find((map) => map["name"] === name);
      const literals = strings(one?.["literals"]).map((literal) => literal.split("=")[0]);
      return [...literals, ...strings(one?.["files"]).map((file) => file.split("/").at(-1))];
    };
    for (const { pod, container } of workloads) {
      for (const volume of list(pod["volumes"]).filter(({ configMap }) => configMap !== undefined)) {
        const file = strings(container["args"])[0]?.split("/").at(-1);
        expect(keys(section(volume, "configMap")["name"])).toContain(file);
      }
      for (const { valueFrom } of list(container["env"])) {
        const { name, key } = section(valueFrom, "configMapKeyRef");
        if (name !== undefined) expect(keys(name)).toContain(key);
      }
    }
  });

  it.each(readsConfig)("%s is told only what its configuration reads", (_, one) => {
    const config = text(configOf(one));
    for (const { name } of list(one.container["env"]))
      if (name !== "GOMEMLIMIT") expect(config).toContain(`\${env:${String(name)}:-`);
  });

  it.each(readsConfig)("%s listens to other pods on every port that it publishes", (_, one) => {
    const environment = environmentOf(one);
    const listening = [
      ...text(configOf(one)).matchAll(/(?:endpoint|host): \$\{env:(\w+):-(\d+\.\d+\.\d+\.\d+)(?::\d+)?\}/g),
    ];
    expect(listening.length).toBeGreaterThan(3);
    // The two Prometheus exporters of config.yaml are not used here.
    const unused = [
      "AGENT_OTEL_PROMETHEUS_ENDPOINT",
      "AGENT_OTEL_SPAN_METRICS_ENDPOINT",
      "AGENT_OTEL_GATEWAY_HOST",
    ];
    for (const [, variable, address] of listening)
      if (!unused.includes(variable!))
        expect(environment[variable!] ?? address, variable).toMatch(/^0\.0\.0\.0/);
  });

  it("points at services that are there, on ports that they have", () => {
    expect(targets.map(({ service }) => service)).toEqual(
      expect.arrayContaining([
        "agent-collector",
        "agent-gateway-router",
        "agent-gateway-headless",
        "agent-gateway",
        "jaeger",
      ]),
    );
    for (const { variable, service, namespace, port } of targets) {
      const found = ofKind("Service").find((one) => one.name === service && one.namespace === namespace);
      expect(found, variable).toBeDefined();
      const ports = list(section(found!.body, "spec")["ports"]).map((one) => one["port"]);
      expect(ports, `${variable} ${service}`).toContain(port);
    }
  });

  it("resolves the router's gateways one by one", () => {
    const host = environmentOf(workload("agent-gateway-router"))["AGENT_OTEL_GATEWAY_HOST"];
    expect(host).toBe("agent-gateway-headless.agent-otel.svc.cluster.local");
  });
});

describe("network policies", () => {
  it("deny everything by default, in both namespaces and both directions", () => {
    for (const { name } of ofKind("Namespace")) {
      const policy = ofKind("NetworkPolicy").find(
        (one) => one.namespace === name && one.name === "default-deny",
      );
      expect(section(policy?.body, "spec")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    }
  });

  it.each(
    targets.map((target) => [`${target.from.name} → ${target.service}:${target.port}`, target] as const),
  )("allow %s", (_, { from, service, namespace, port }) => {
    const selector = section(ofKind("Service").find((one) => one.name === service)?.body, "spec", "selector");
    const [to] = picked(selector, namespace!);
    expect(isAllowed(from, to!, port)).toBe(true);
  });

  it.each([
    ["agent-gateway", "monitoring", 9090],
    ["jaeger", "monitoring", 9090],
    ["jaeger", "opensearch", 9200],
    ["agent-orchestrator", "redis", 6379],
    ["agent-orchestrator", "kube-system", 53],
    ["agent-gateway-router", "kube-system", 53],
  ])("allow %s → namespace %s:%d", (name, namespace, port) => {
    expect(isAllowed(workload(name), { namespace }, port)).toBe(true);
  });

  it.each(workloads.filter(({ name }) => name !== "agent-orchestrator").map(({ name }) => [name]))(
    "let Prometheus scrape %s",
    (name) => {
      expect(isAllowed({ namespace: "monitoring" }, workload(name), 8888)).toBe(true);
    },
  );

  it.each([
    ["agent-orchestrator", "jaeger", 4318],
    ["agent-orchestrator", "agent-gateway", 4318],
    ["agent-collector", "jaeger", 4318],
    ["jaeger", "agent-orchestrator", 8080],
  ])("do not allow %s → %s:%d", (from, to, port) => {
    expect(isAllowed(workload(from), workload(to), port)).toBe(false);
  });
});
