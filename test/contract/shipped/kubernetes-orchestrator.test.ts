import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../source-files.ts";
import { section, text } from "./files.ts";
import { environmentOf, list, ofKind, workload } from "./kubernetes-documents.ts";

describe("agent-orchestrator", () => {
  const app = workload("agent-orchestrator");

  it("has the replicas, resources, probes and settings that were asked for", () => {
    expect(section(app.body, "spec")["replicas"]).toBe(3);
    expect(app.container["resources"]).toEqual({
      requests: { cpu: "500m", memory: "512Mi" },
      limits: { cpu: "1", memory: "1Gi" },
    });
    expect(app.container["livenessProbe"]).toMatchObject({
      httpGet: { path: "/health" },
      initialDelaySeconds: 30,
      periodSeconds: 10,
    });
    expect(app.container["readinessProbe"]).toMatchObject({
      httpGet: { path: "/ready" },
      initialDelaySeconds: 5,
      periodSeconds: 5,
    });
    expect(environmentOf(app)).toMatchObject({
      MAX_CONCURRENT_AGENTS: "10",
      COST_LIMIT_HOURLY: "10.0",
      PORT: "8080",
    });
  });

  it("is scaled from 2 to 10 at 70 % of its CPU", () => {
    const scaler = ofKind("HorizontalPodAutoscaler").find(({ name }) => name === "agent-orchestrator-hpa");
    const { minReplicas, maxReplicas, metrics } = section(scaler?.body, "spec");
    expect([minReplicas, maxReplicas]).toEqual([2, 10]);
    expect(section(list(metrics)[0], "resource", "target")).toEqual({
      type: "Utilization",
      averageUtilization: 70,
    });
  });

  it("has time to drain: longer than its preStop and its own limit together", () => {
    const { seconds } = section(app.container["lifecycle"], "preStop", "sleep");
    const drain = Number(environmentOf(app)["DRAIN_SECONDS"]);
    expect(Number(app.pod["terminationGracePeriodSeconds"])).toBeGreaterThan(Number(seconds) + drain + 10);
  });

  it("is given settings that the app reads", () => {
    const sources = ["settings.ts", "models.ts"].map((file) =>
      readFileSync(join(root, "examples/orchestrator", file), "utf8"),
    );
    const own = list(app.container["env"]).map(({ name }) => String(name));
    for (const name of own.filter((one) => !/^(OTEL_|AGENT_OTEL_SPOOL|POD_NAME)/.test(one)))
      expect(sources.join("\n"), name).toContain(name);
  });

  it("is built with the client library that it is tested with", () => {
    const { openai } = section(JSON.parse(text("package.json")), "devDependencies");
    expect(text("examples/orchestrator/Dockerfile")).toContain(`openai@${String(openai)}`);
  });
});
