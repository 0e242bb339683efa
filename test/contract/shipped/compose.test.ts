import { describe, expect, it } from "vitest";
import { JAEGER_VERSION } from "../../../scripts/stack-parts/jaeger.ts";
import { PROMETHEUS_FEATURES, PROMETHEUS_VERSION } from "../../../scripts/stack-parts/prometheus.ts";
import { section, strings, text, yaml } from "./files.ts";

const compose = yaml("docker-compose.yml");
const services = Object.entries(section(compose, "services")).map(
  ([name, service]) => [name, section(service)] as const,
);
const service = (name: string) => section(compose, "services", name);
const collectorVersion = String(section(yaml("collector/builder.yaml"), "dist")["version"]);

/** Compose refuses a key it does not know, and there may be no Compose where this runs. Add a key when it is used. */
const KNOWN_KEYS = [
  ...[
    "image",
    "command",
    "entrypoint",
    "environment",
    "user",
    "ports",
    "volumes",
    "tmpfs",
    "depends_on",
    "healthcheck",
  ],
  ...["restart", "read_only", "cap_drop", "cap_add", "security_opt", "logging", "mem_limit", "network_mode"],
];

describe("docker-compose.yml", () => {
  it.each(services)("%s has no key that Compose would refuse", (_, definition) => {
    expect(KNOWN_KEYS).toEqual(expect.arrayContaining(Object.keys(definition)));
    for (const key of Object.keys(section(definition, "healthcheck"))) {
      expect(["test", "interval", "timeout", "retries"]).toContain(key);
    }
  });

  it.each(services)("%s uses a pinned image", (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+$/);
  });

  it("runs the versions that scripts/stack builds and tests", () => {
    expect(service("collector")["image"]).toBe(`otel/opentelemetry-collector-contrib:${collectorVersion}`);
    expect(service("jaeger")["image"]).toBe(`jaegertracing/jaeger:${JAEGER_VERSION}`);
    expect(service("prometheus")["image"]).toBe(`prom/prometheus:v${PROMETHEUS_VERSION}`);
  });

  it("publishes on loopback only", () => {
    const ports = services.flatMap(([, { ports }]) => strings(ports));
    expect(ports.length).toBeGreaterThan(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it.each(services)(
    "%s cannot gain rights, and only what hands over the queue is root",
    (name, definition) => {
      expect(definition).toMatchObject({
        cap_drop: ["ALL"],
        read_only: true,
        security_opt: ["no-new-privileges:true"],
      });
      if (name === "queue-owner")
        expect(definition).toMatchObject({ network_mode: "none", cap_add: ["CHOWN"] });
      else expect(definition["user"]).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    },
  );

  it.each(services)(
    "%s depends on services that exist, and on health only where it is checked",
    (_, definition) => {
      for (const [name, { condition }] of Object.entries(section(definition, "depends_on")).map(
        ([name, how]) => [name, section(how)] as const,
      )) {
        expect(Object.keys(service(name))).toContain(
          condition === "service_healthy" ? "healthcheck" : "image",
        );
      }
    },
  );

  it("declares every volume it mounts by name, the queue among them", () => {
    const mounted = services
      .flatMap(([, { volumes }]) => strings(volumes))
      .map((volume) => volume.split(":")[0]!);
    const named = new Set(mounted.filter((source) => !source.startsWith(".")));
    expect([...named].sort()).toEqual(Object.keys(section(compose, "volumes")).sort());
    expect(strings(service("collector")["volumes"])).toContain(
      `queue:${String(section(service("collector"), "environment")["AGENT_OTEL_QUEUE_DIR"])}`,
    );
  });

  it.each([
    ["collector", "collector/config.yaml"],
    ["jaeger", "collector/jaeger.yaml"],
  ])("%s is only told what its configuration reads", (name, file) => {
    for (const variable of Object.keys(section(service(name), "environment"))) {
      expect(text(file)).toContain(`\${env:${variable}:-`);
    }
  });

  it("lets Prometheus scrape services that exist, with the features scripts/stack gives it", () => {
    const targets = text("collector/prometheus.yaml").match(/(?<=targets: \[)[a-z-]+(?=:\d+\])/g) ?? [];
    expect(targets).toHaveLength(3);
    for (const target of targets) expect(Object.keys(section(compose, "services"))).toContain(target);
    expect(strings(service("prometheus")["command"])).toContain(`--enable-feature=${PROMETHEUS_FEATURES}`);
  });
});
