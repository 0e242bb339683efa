import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertmanager } from "../../scripts/stack-parts/alertmanager.ts";
import { built } from "../../scripts/stack-parts/build.ts";
import { root } from "../contract/source-files.ts";
import { type Stack, stackUp } from "./support/stack.ts";

type Labels = Readonly<Record<string, string>>;

interface ShownAlert {
  readonly labels: Labels;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: { readonly inhibitedBy: readonly string[] };
}

describe("collector/alertmanager.yaml, read by amtool", () => {
  const amtool = async (...args: readonly string[]) => {
    const folder = await built(alertmanager, console.error);
    const { stdout } = await promisify(execFile)(join(folder, "amtool"), args, { cwd: root });
    return stdout;
  };
  const config = "collector/alertmanager.yaml";

  it("is valid", async () => {
    expect(await amtool("check-config", config)).toContain("SUCCESS");
  });

  it.each(["critical", "warning", "info"])("sends %s nowhere until somebody says where", async (severity) => {
    const routes = await amtool(
      "config",
      "routes",
      "test",
      `--config.file=${config}`,
      `severity=${severity}`,
    );
    expect(routes.trim()).toBe("nowhere");
  });
});

describe("Alertmanager with it", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await stackUp(24_820, ["alertmanager"]);
  });
  afterAll(() => stack?.down());

  it("holds back a warning whose critical one fires for the same thing, and no other", async () => {
    const error = { alertname: "AgentErrorRatio", job: "desk" };
    const burn = { alertname: "AgentBudgetBurnDay", job: "desk", agents_budget_window: "day" };
    const fired: readonly Labels[] = [
      { ...error, severity: "critical", gen_ai_agent_name: "writer" },
      { ...error, severity: "warning", gen_ai_agent_name: "writer" },
      { ...error, severity: "warning", gen_ai_agent_name: "reviewer" },
      { ...error, severity: "warning", gen_ai_agent_name: "writer", job: "shop" },
      { ...burn, severity: "critical", agents_budget_name: "team" },
      { ...burn, severity: "warning", agents_budget_name: "team" },
      { ...burn, severity: "warning", agents_budget_name: "tenant" },
    ];
    const api = `${stack.endpoint("alertmanager", "http")}/api/v2`;
    const sent = await fetch(`${api}/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fired.map((labels) => ({ labels }))),
    });
    expect(sent.status).toBe(200);
    const shown = async () => (await (await fetch(`${api}/alerts`)).json()) as readonly ShownAlert[];
    const heldBack = async () =>
      (await shown())
        .filter(({ status }) => status.inhibitedBy.length > 0)
        .map(({ labels }) => labels)
        .sort((a, b) => a["alertname"]!.localeCompare(b["alertname"]!));
    await expect.poll(heldBack).toEqual([fired[5], fired[1]]);
    expect(await shown()).toHaveLength(fired.length);
  });

  it("groups what happens to many agents of an application into one", async () => {
    const api = `${stack.endpoint("alertmanager", "http")}/api/v2`;
    const groups = (await (await fetch(`${api}/alerts/groups`)).json()) as readonly {
      readonly labels: Labels;
    }[];
    for (const { labels } of groups) expect(Object.keys(labels).sort()).toEqual(["alertname", "job"]);
  });
});
