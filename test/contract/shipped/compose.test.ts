import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALERTMANAGER_VERSION } from "../../../scripts/stack-parts/alertmanager.ts";
import { JAEGER_VERSION } from "../../../scripts/stack-parts/jaeger.ts";
import { PROMETHEUS_FEATURES, PROMETHEUS_VERSION } from "../../../scripts/stack-parts/prometheus.ts";
import { root } from "../source-files.ts";
import { section, strings, text, type Yaml, yaml } from "./files.ts";

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
  ...["profiles", "init"],
];

/** A setting with a default, or one that must be given. */
const INTERPOLATION = /(?<!\$)\$\{(\w+)(:-|:\?)([^}]*)\}/g;

describe("docker-compose.yml", () => {
  it.each(services)("%s has no key that Compose would refuse", (_, definition) => {
    expect(KNOWN_KEYS).toEqual(expect.arrayContaining(Object.keys(definition)));
    for (const key of Object.keys(section(definition, "healthcheck"))) {
      expect(["test", "interval", "timeout", "retries"]).toContain(key);
    }
  });

  it.each(services)("%s uses a pinned image", (_, { image }) => {
    expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?(-alpine)?$/);
  });

  it("runs the versions that scripts/stack builds and tests", () => {
    expect(service("collector")["image"]).toBe(`otel/opentelemetry-collector-contrib:${collectorVersion}`);
    expect(service("jaeger")["image"]).toBe(`jaegertracing/jaeger:${JAEGER_VERSION}`);
    expect(service("prometheus")["image"]).toBe(`prom/prometheus:v${PROMETHEUS_VERSION}`);
    expect(service("alertmanager")["image"]).toBe(`prom/alertmanager:v${ALERTMANAGER_VERSION}`);
  });

  it("shows dashboards with the Grafana whose parts check them, and runs the demo on the Node that the tests run on", () => {
    const dependencies = (file: string, kind: string) => section(JSON.parse(text(file)), kind);
    const grafana = dependencies("grafana/preview/package.json", "dependencies")["@grafana/data"];
    expect(service("grafana")["image"]).toBe(`grafana/grafana:${String(grafana)}`);
    const node = dependencies("package.json", "devDependencies")["node"];
    expect(service("demo-desk")["image"]).toBe(`node:${String(node)}-alpine`);
  });

  it("publishes on loopback only", () => {
    const ports = services.flatMap(([, { ports }]) => strings(ports));
    expect(ports.length).toBeGreaterThan(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
  });

  it("lets every port be moved by a variable of its own, at its usual number by default", () => {
    const published = services
      .flatMap(([, { ports }]) => strings(ports))
      .map((port) => /\{(\w+):-(\d+)/.exec(port)!);
    const names = published.map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [, name, number] of published)
      expect(text(".env.example")).toMatch(new RegExp(`^#${name}=${number}$`, "m"));
  });

  it("reads no variable that .env.example does not name", () => {
    for (const [, name] of text("docker-compose.yml").matchAll(INTERPOLATION))
      expect(text(".env.example")).toMatch(new RegExp(`^#?${name}=`, "m"));
  });

  it("needs Grafana's password and nothing else, and says how to get it", () => {
    const required = [...text("docker-compose.yml").matchAll(INTERPOLATION)].filter(
      ([, , how]) => how === ":?",
    );
    expect(required.map(([, name]) => name)).toEqual(["GRAFANA_ADMIN_PASSWORD"]);
    expect(required[0]![3]).toContain("npm run compose:env");
  });

  it.each(["redis", "postgres"])("%s does not start without a password, and says how to get one", (name) => {
    const script = strings(service(name)["entrypoint"]).at(-1);
    expect(script).toMatch(/^: "\$\$\{(REDIS|POSTGRES)_PASSWORD:\?run \\"npm run compose:env\\"/);
  });

  it.each(services)("%s has bounded memory and logs", (name, definition) => {
    expect(section(definition, "logging", "options")).toMatchObject({ "max-size": "5m" });
    if (name !== "queue-owner") expect(definition["mem_limit"]).toMatch(/^\d+[mg]$/);
  });

  it.each(services.filter(([name]) => !["collector", "queue-owner", "demo-desk"].includes(name)))(
    "%s is checked, so that `up --wait` means ready",
    (_, definition) => {
      expect(strings(section(definition, "healthcheck")["test"])[0]).toMatch(/^CMD/);
    },
  );

  it("starts the stack alone: what else there is waits to be asked for", () => {
    const always = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(always.sort()).toEqual([
      "alertmanager",
      "collector",
      "grafana",
      "jaeger",
      "prometheus",
      "queue-owner",
    ]);
    expect(new Set(services.flatMap(([, { profiles }]) => strings(profiles)))).toEqual(
      new Set(["redis", "postgres", "demo"]),
    );
  });

  it("mounts nothing of the checkout that could be written, and only what is there", () => {
    for (const volume of services
      .flatMap(([, { volumes }]) => strings(volumes))
      .filter((it) => it.startsWith("."))) {
      const [source, , mode] = volume.split(":");
      expect(mode).toBe("ro");
      expect(existsSync(join(root, source!)), source).toBe(true);
    }
  });

  it("demo programs are there", () => {
    for (const [, { command }] of services.filter(([name]) => name.startsWith("demo")))
      for (const [, file] of strings(command)
        .join(" ")
        .matchAll(/\/app\/(examples\/\S+?\.ts)/g))
        expect(existsSync(join(root, file!)), file).toBe(true);
  });

  it("runs Grafana closed and silent: nobody without a password, nothing fetched, nothing reported", () => {
    const environment = section(service("grafana"), "environment");
    const off = Object.entries(environment).filter(([, value]) => value === "false");
    expect(off.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        ...["GF_AUTH_ANONYMOUS_ENABLED", "GF_USERS_ALLOW_SIGN_UP", "GF_SNAPSHOTS_EXTERNAL_ENABLED"],
        ...["GF_ANALYTICS_REPORTING_ENABLED", "GF_ANALYTICS_CHECK_FOR_UPDATES"],
        ...["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "GF_PLUGINS_PREINSTALL_AUTO_UPDATE"],
        ...["GF_SECURITY_DISABLE_BRUTE_FORCE_LOGIN_PROTECTION", "GF_NEWS_NEWS_FEED_ENABLED"],
      ]),
    );
    expect(environment).toMatchObject({
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
      GF_SECURITY_DISABLE_GRAVATAR: "true",
      GF_SECURITY_COOKIE_SAMESITE: "strict",
    });
    expect(Object.keys(environment)).not.toContain("GF_INSTALL_PLUGINS");
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

  it("the collector listens to the containers beside it on each of its ports", () => {
    const environment = section(service("collector"), "environment");
    const listening = [...text("collector/config.yaml").matchAll(/\$\{env:(\w+):-127\.0\.0\.1(:\d+)?\}/g)];
    expect(listening.length).toBeGreaterThan(5);
    for (const [, variable, port = ""] of listening) expect(environment[variable!]).toBe(`0.0.0.0${port}`);
  });

  it("lets Prometheus scrape and alert services that exist, with the features scripts/stack gives it", () => {
    const targets = text("collector/prometheus.yaml").match(/(?<=targets: \[)[a-z-]+(?=:\d+\])/g) ?? [];
    expect(new Set(targets)).toEqual(new Set(["alertmanager", "collector", "jaeger", "prometheus"]));
    for (const target of targets) expect(Object.keys(section(compose, "services"))).toContain(target);
    expect(strings(service("prometheus")["command"])).toContain(`--enable-feature=${PROMETHEUS_FEATURES}`);
  });
});

describe("docker-compose.grafana-alerts.yml", () => {
  const override = yaml("docker-compose.grafana-alerts.yml");
  const alerting = "./grafana/provisioning/alerting:/etc/grafana/provisioning/alerting:ro";
  const executes = (file: Yaml) =>
    section(file, "services", "grafana", "environment")["GF_UNIFIED_ALERTING_EXECUTE_ALERTS"];

  it("is the only one in which Grafana has alerts and evaluates them", () => {
    expect([executes(compose), executes(override)]).toEqual(["false", "true"]);
    expect(strings(service("grafana")["volumes"])).not.toContain(alerting);
    expect(strings(section(override, "services", "grafana")["volumes"])).toEqual([alerting]);
  });

  it("puts a file without rules in the place of those that Prometheus would evaluate", () => {
    const [mount] = strings(section(override, "services", "prometheus")["volumes"]);
    const [empty, over] = mount!.split(":");
    expect(yaml(empty!)).toEqual({ groups: [] });
    expect(over).toBe("/etc/agent-otel/rules/agent-otel.alerts.yaml");
    expect(existsSync(join(root, "collector/rules/agent-otel.alerts.yaml"))).toBe(true);
  });

  it("changes nothing else", () => {
    expect(Object.keys(section(override, "services")).sort()).toEqual(["grafana", "prometheus"]);
  });
});
