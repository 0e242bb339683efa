import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, Findings } from "../check.ts";
import { at, type Data, section, strings, word, yamlOf } from "../data.ts";
import { filesOf, type Shipped } from "../shipped.ts";
import { writeTree } from "../tools/write-tree.ts";

const COMPOSE = "docker-compose.yml";
const PINNED = /:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)?(@sha256:[0-9a-f]{64})?$/;
const LOOPBACK = /^127\.0\.0\.1:/;
/** `${NAME:?what to do}` or `${NAME:-}`: nothing that anybody knows. */
const GIVEN = /^\$\{\w+(:\?.+|:-)\}$/s;
const SECRET = /PASSWORD$|SECRET|TOKEN$|API_KEY$/;

/** What opens the machine, or runs another program than the one that was tried. */
export const compose: Check = {
  name: "compose",
  holds: "images are pinned, ports are loopback, passwords must be given, and whatever is named is declared",
  run: (shipped) =>
    filesOf(shipped, /^docker-compose(\..+)?\.yml$/).flatMap(([file]) => checkFile(shipped, file)),
};

function checkFile(shipped: Shipped, file: string) {
  const findings = new Findings(file);
  const json = yamlOf(shipped, file);
  const services = Object.entries(section(json, "services")).map(
    ([name, one]) => [name, section(one)] as const,
  );
  for (const [name, service] of services) {
    if (file === COMPOSE)
      findings.expect(
        PINNED.test(word(service, "image")),
        `${name} runs ${word(service, "image")}, which changes`,
        "pin the version",
      );
    for (const port of ports(service))
      findings.expect(
        LOOPBACK.test(port),
        `${name} publishes ${port} on every interface`,
        "begin with 127.0.0.1:",
      );
    findings.expect(
      service["privileged"] !== true && service["network_mode"] !== "host",
      `${name} has the rights of the machine`,
      "take them away",
    );
    for (const other of Object.keys(section(service, "depends_on"))) {
      const there = services.some(([one]) => one === other);
      findings.expect(there, `${name} waits for ${other}, which is not there`, "name a service");
    }
    checkEnvironment(name, service, findings);
    if (file === COMPOSE) checkVolumes(name, service, json, shipped, findings);
  }
  return findings.all;
}

/** In short, or as a mapping. */
const ports = (service: Data): readonly string[] =>
  (Array.isArray(service["ports"]) ? service["ports"] : []).map((port: unknown) =>
    typeof port === "object"
      ? `${word(port, "host_ip")}:${word(port, "published")}:${word(port, "target")}`
      : String(port),
  );

function checkEnvironment(name: string, service: Data, findings: Findings): void {
  const environment = section(service, "environment");
  for (const [key, value] of Object.entries(environment)) {
    if (SECRET.test(key) && !/DISABLE/.test(key)) {
      findings.expect(
        GIVEN.test(String(value)),
        `${name} has a ${key} that everybody can read`,
        "take it from the environment, without a default",
      );
    }
  }
  if (!word(service, "image").startsWith("grafana/grafana:")) return;
  findings.expect(
    word(environment, "GF_AUTH_ANONYMOUS_ENABLED") === "false",
    "Grafana lets anybody in",
    "set GF_AUTH_ANONYMOUS_ENABLED to false",
  );
  const asked = /^\$\{\w+:\?.+\}$/s.test(word(environment, "GF_SECURITY_ADMIN_PASSWORD"));
  findings.expect(
    asked,
    "Grafana starts with the password admin where none is given",
    `demand it with \${NAME:?what to do}`,
  );
  const quiet =
    at(environment, "GF_INSTALL_PLUGINS") === undefined &&
    at(environment, "GF_PLUGINS_PREINSTALL") === undefined;
  findings.expect(quiet, "Grafana downloads plugins when it starts", "leave them out");
}

function checkVolumes(name: string, service: Data, json: Data, shipped: Shipped, findings: Findings): void {
  const declared = Object.keys(section(json, "volumes"));
  for (const volume of strings(service, "volumes")) {
    const [source = "", , mode] = volume.split(":");
    if (source.startsWith(".")) {
      findings.expect(mode === "ro", `${name} may write to ${source} of the checkout`, "mount it :ro");
      const path = source.replace(/^\.\/?/, "");
      const there =
        path === "" || [...shipped.keys()].some((one) => one === path || one.startsWith(`${path}/`));
      findings.expect(there, `${name} mounts ${source}, which is not shipped`, "name what is");
    } else
      findings.expect(
        declared.includes(source),
        `${name} mounts the volume ${source}, which is not declared`,
        "declare it",
      );
  }
}

export const composePlugin: Check = {
  name: "compose-plugin",
  holds: "docker compose accepts its files, with every profile and with the alerts in Grafana",
  async run(shipped, tools) {
    const folder = writeTree(shipped, tools.scratch());
    const file = join(folder, COMPOSE);
    const override = join(folder, "docker-compose.grafana-alerts.yml");
    const findings = new Findings(COMPOSE);
    const settings = join(folder, "settings.env");
    writeFileSync(settings, "GRAFANA_ADMIN_PASSWORD=given\n");
    for (const files of [[file], [file, override]]) {
      const named = files.flatMap((one) => ["--file", one]);
      const args = [...named, "--env-file", settings, "--profile", "*", "config", "--quiet"];
      const { code, said } = await tools.program("docker-compose", ...args);
      findings.expect(
        code === 0,
        `docker compose refuses it: ${said.replaceAll(`${folder}/`, "").trim().slice(0, 600)}`,
        "do what it says",
      );
    }
    return findings.all;
  },
};
