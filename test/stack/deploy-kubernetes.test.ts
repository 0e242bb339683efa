import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { built } from "../../scripts/stack-parts/build.ts";
import { collector } from "../../scripts/stack-parts/collector.ts";
import { jaeger } from "../../scripts/stack-parts/jaeger.ts";
import { kustomize } from "../../scripts/stack-parts/kustomize.ts";
import { section, strings, type Yaml } from "../contract/shipped/files.ts";
import { environmentOf, workloads } from "../contract/shipped/kubernetes-documents.ts";
import { root } from "../contract/source-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const run = promisify(execFile);
const CONFIG = join(root, "deploy/kubernetes/config/jaeger.yaml");

describe("deploy/kubernetes, put together by kustomize", () => {
  let documents: readonly Yaml[] = [];
  beforeAll(async () => {
    const program = join(await built(kustomize, console.error), "kustomize");
    const { stdout } = await run(program, ["build", "deploy/kubernetes"], { cwd: root, maxBuffer: 1 << 24 });
    documents = parseAllDocuments(stdout).map((document) => document.toJS() as Yaml);
  });
  const named = (kind: string, name: string) =>
    documents.find(
      (one) => one["kind"] === kind && String(section(one, "metadata")["name"]).startsWith(name),
    );

  it("has the collectors' configuration as it is in collector/, under a name that changes with it", async () => {
    const map = named("ConfigMap", "agent-otel-collector-");
    expect(Object.keys(section(map, "data")).sort()).toEqual([
      "config.yaml",
      "gateway-router.yaml",
      "gateway.yaml",
    ]);
    const name = section(map, "metadata")["name"];
    for (const [kind, one] of [
      ["DaemonSet", "agent-collector"],
      ["StatefulSet", "agent-gateway"],
      ["StatefulSet", "agent-gateway-router"],
    ] as const)
      expect(JSON.stringify(section(named(kind, one), "spec")), one).toContain(
        `"configMap":{"name":"${String(name)}"}`,
      );
  });

  it("refers to the settings by the name that they have", () => {
    const name = String(section(named("ConfigMap", "agent-otel-settings-"), "metadata")["name"]);
    const asked = JSON.stringify(documents).match(/"configMapKeyRef":\{[^}]*\}/g) ?? [];
    expect(asked.length).toBeGreaterThan(2);
    for (const one of asked) expect(one).toContain(`"name":"${name}"`);
  });

  it("labels everything as a part of agent-otel, and changes no selector", () => {
    for (const one of documents) {
      const labels = section(one, "metadata", "labels");
      if (one["kind"] !== "ConfigMap") expect(labels["app.kubernetes.io/part-of"]).toBe("agent-otel");
      expect(Object.keys(section(one, "spec", "selector", "matchLabels"))).not.toContain(
        "app.kubernetes.io/part-of",
      );
    }
  });
});

describe("the collectors' configuration, read by the collector with the environment of its pods", () => {
  const validate = async (name: string, added: Readonly<Record<string, string>> = {}) => {
    const one = workloads.find((each) => each.name === name)!;
    const file = strings(one.container["args"])[0]!.replace("--config=/etc/agent-otel/", "collector/");
    const folder = await temporaryFolder(); // in place of the disk that a pod mounts
    const env = { ...environmentOf(one), AGENT_OTEL_COLLECTOR_ID: "node-1", ...added };
    const local = Object.entries(env).map(([key, value]) => [
      key,
      value.replace("/var/lib/agent-otel", folder),
    ]);
    const program = join(await built(collector, console.error), "collector");
    return run(program, ["validate", "--config", join(root, file)], {
      env: { PATH: process.env["PATH"], ...Object.fromEntries(local) },
    });
  };

  it.each(["agent-collector", "agent-gateway"])("%s is valid", async (name) => {
    await expect(validate(name)).resolves.toBeDefined();
  });

  it("would not be where its exporters are misspelt", async () => {
    const misspelt = { AGENT_OTEL_SDK_METRICS_EXPORTERS: "[otlp_http/gatway]" };
    await expect(validate("agent-collector", misspelt)).rejects.toThrow("otlp_http/gatway");
  });
});

describe("config/jaeger.yaml, read by Jaeger", () => {
  let program = "";
  let child: ChildProcess | undefined;
  let storage: Server | undefined;
  beforeAll(async () => {
    program = join(await built(jaeger, console.error), "jaeger");
  });
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
    storage?.closeAllConnections();
    storage?.close();
  });

  it("is valid, and would not be with a key that this version does not have", async () => {
    await expect(run(program, ["validate", "--config", CONFIG])).resolves.toBeDefined();
    const misspelt = "--set=extensions.jaeger_storage.backends.opensearch.opensearch.max_spn_age=1h";
    await expect(run(program, ["validate", "--config", CONFIG, misspelt])).rejects.toThrow("max_spn_age");
  });

  it("starts with an OpenSearch, makes its templates, signs in, and writes a span into today's index", async () => {
    const asked: {
      readonly what: string;
      readonly authorization: string | undefined;
      readonly body: string;
    }[] = [];
    storage = await fakeOpenSearch(24_802, asked);
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "password"), "a secret");
    child = spawn(program, ["--config", CONFIG, "--set=service.telemetry.metrics.level=none"], {
      stdio: "ignore",
      env: {
        PATH: process.env["PATH"],
        JAEGER_HEALTH_ENDPOINT: "127.0.0.1:24803",
        JAEGER_QUERY_ENDPOINT: "127.0.0.1:24804",
        JAEGER_QUERY_GRPC_ENDPOINT: "127.0.0.1:24805",
        JAEGER_OTLP_GRPC_ENDPOINT: "127.0.0.1:24806",
        JAEGER_OTLP_HTTP_ENDPOINT: "127.0.0.1:24807",
        JAEGER_OPENSEARCH_URL: "http://127.0.0.1:24802",
        JAEGER_OPENSEARCH_USER: "writer",
        JAEGER_OPENSEARCH_PASSWORD_FILE: join(folder, "password"),
      },
    });
    const health = () =>
      fetch("http://127.0.0.1:24803/status").then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(health, { timeout: 30_000 }).toBe(200);
    const templates = asked.filter(({ what }) => what.startsWith("PUT /_template/"));
    expect(templates.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("agents-jaeger-span"),
        expect.stringContaining("agents-jaeger-service"),
      ]),
    );
    const basic = `Basic ${Buffer.from("writer:a secret").toString("base64")}`;
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([basic]));

    const sent = await fetch("http://127.0.0.1:24807/v1/traces", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(oneSpan(Date.now())),
    });
    expect(sent.status).toBe(200);
    const day = new Date().toISOString().slice(0, 10);
    const written = () =>
      asked
        .filter(({ what }) => what.startsWith("POST /_bulk"))
        .map(({ body }) => body)
        .join("");
    await expect.poll(written, { timeout: 10_000 }).toContain(`agents-jaeger-span-${day}`);
    expect(written()).toContain("invoke_agent planner");
  });
});

/** Says that it is OpenSearch 2 and takes everything. */
async function fakeOpenSearch(
  port: number,
  asked: { readonly what: string; readonly authorization: string | undefined; readonly body: string }[],
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const what = `${request.method} ${request.url}`;
    asked.push({ what, authorization: request.headers.authorization, body: String(unpacked(body)) });
    response.setHeader("content-type", "application/json");
    if (request.url === "/") {
      const version = { number: "2.19.0", distribution: "opensearch" };
      response.end(JSON.stringify({ version, tagline: "The OpenSearch Project: https://opensearch.org/" }));
    } else response.end(JSON.stringify({ acknowledged: true, errors: false, items: [] }));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function unpacked(body: Buffer): Buffer {
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}

function oneSpan(nowMs: number) {
  const nanos = (ms: number) => `${ms}000000`;
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name: "invoke_agent planner",
    kind: 1,
    startTimeUnixNano: nanos(nowMs - 5),
    endTimeUnixNano: nanos(nowMs),
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "planner" } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
}
