import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { built } from "../../scripts/stack-parts/build.ts";
import { composePlugin } from "../../scripts/stack-parts/compose-plugin.ts";
import { root } from "../contract/source-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const run = promisify(execFile);

interface Said {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Model {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly environment?: Readonly<Record<string, string>>;
        readonly volumes?: readonly {
          readonly source: string;
          readonly target: string;
          readonly read_only?: boolean;
        }[];
      }
    >
  >;
}

let program = "";
beforeAll(async () => {
  program = join(await built(composePlugin, console.error), "docker-compose");
});

/** As `docker compose … config` reads the file, with an environment of its own. */
async function compose(settings: string, ...args: readonly string[]): Promise<Said> {
  const file = join(await temporaryFolder(), "env");
  writeFileSync(file, settings);
  return run(program, ["--env-file", file, ...args], { cwd: root, env: { PATH: process.env["PATH"] } }).catch(
    (error: unknown) => error as Said,
  );
}

const PASSWORD = "GRAFANA_ADMIN_PASSWORD=a\n";
const OVERRIDE = ["-f", "docker-compose.yml", "-f", "docker-compose.grafana-alerts.yml"];

async function model(...args: readonly string[]): Promise<Model> {
  const { code, stdout, stderr } = await compose(PASSWORD, ...args, "config", "--format", "json");
  expect([code, stderr]).toEqual([undefined, ""]);
  return JSON.parse(stdout) as Model;
}

describe("docker-compose.yml, read by Compose", () => {
  it.each([
    ["", ["alertmanager", "collector", "grafana", "jaeger", "prometheus", "queue-owner"]],
    ["redis", ["redis"]],
    ["postgres", ["postgres"]],
    ["demo", ["demo-desk", "demo-orchestrator"]],
  ])("is valid with the profile %j, which brings %j", async (profile, names) => {
    const { services } = await model(...(profile === "" ? [] : ["--profile", profile]));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(names));
  });

  it.each(["", "GRAFANA_ADMIN_PASSWORD=\n"])(
    "stops when the password is missing (%j), and says what to do",
    async (settings) => {
      const { code, stderr } = await compose(settings, "config", "-q");
      expect(code).not.toBe(0);
      expect(stderr).toContain('run "npm run compose:env"');
    },
  );

  it("moves a port where its variable says so", async () => {
    const { stdout } = await compose(`${PASSWORD}AGENT_OTEL_GRAFANA_PORT=3999\n`, "config", "grafana");
    expect(stdout).toContain('published: "3999"');
    expect(stdout).toContain("GF_SERVER_ROOT_URL: http://127.0.0.1:3999/");
  });

  it("refuses a key that is misspelt", async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "broken.yml"), "services: { grafana: { healthchek: {} } }\n");
    const { code, stderr } = await compose(
      PASSWORD,
      "-f",
      "docker-compose.yml",
      "-f",
      join(folder, "broken.yml"),
      "config",
      "-q",
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain("healthchek");
  });

  it("has alerts in Prometheus and none in Grafana, or the other way round", async () => {
    const state = ({ services }: Model) => {
      const targets = (name: string) => services[name]?.volumes?.map(({ target }) => target) ?? [];
      return {
        grafanaEvaluates: services["grafana"]?.environment?.["GF_UNIFIED_ALERTING_EXECUTE_ALERTS"],
        grafanaHasRules: targets("grafana").includes("/etc/grafana/provisioning/alerting"),
        prometheusIsSilenced: targets("prometheus").includes("/etc/agent-otel/rules/agent-otel.alerts.yaml"),
      };
    };
    expect(state(await model())).toEqual({
      grafanaEvaluates: "false",
      grafanaHasRules: false,
      prometheusIsSilenced: false,
    });
    expect(state(await model(...OVERRIDE))).toEqual({
      grafanaEvaluates: "true",
      grafanaHasRules: true,
      prometheusIsSilenced: true,
    });
  });
});
