import { type Check, Findings } from "../check.ts";
import { at, type Data, list, section, strings, word, yamlOf } from "../data.ts";
import { filesOf, type Shipped } from "../shipped.ts";

const KINDS = ["receivers", "processors", "exporters", "connectors", "extensions"] as const;
export const CONFIGS = /^collector\/(config|gateway|gateway-router)\.yaml$/;
/** Runs in the contrib distribution alone: its load balancing exporter cannot be built here. */
const ELSEWHERE = new Set(["load_balancing", "loadbalancing"]);

/** What the collector would say at its start, or never. */
export const collectorReferences: Check = {
  name: "collector-references",
  holds:
    "the collectors' configurations name only what they declare and what builder.yaml builds, and keep the rules of the queue on disk",
  run(shipped) {
    const manifest = yamlOf(shipped, "collector/builder.yaml");
    const configs = filesOf(shipped, CONFIGS);
    return configs.flatMap(([file]) => {
      const findings = new Findings(file);
      const config = yamlOf(shipped, file);
      checkReferences(config, findings);
      checkComponents(config, manifest, findings);
      checkLosses(config, findings);
      checkAddresses(shipped, file, findings);
      return findings.all;
    });
  },
};

const ids = (config: Data, kind: string): readonly string[] => Object.keys(section(config, kind));

/** A list, or a variable of the environment whose default is one: `${env:NAME:-[a, b]}`. */
export function namesIn(pipeline: Data, role: string): readonly string[] {
  const value = at(pipeline, role);
  const written = typeof value === "string" ? /^\$\{env:\w+:-\[(.*)\]\}$/.exec(value)?.[1] : undefined;
  return written === undefined ? strings(pipeline, role) : written.split(",").map((name) => name.trim());
}

function pipelinesOf(config: Data): readonly (readonly [name: string, pipeline: Data])[] {
  return Object.entries(section(config, "service", "pipelines")).map(([name, pipeline]) => [
    name,
    section(pipeline),
  ]);
}

function checkReferences(config: Data, findings: Findings): void {
  const connectors = ids(config, "connectors");
  for (const [name, pipeline] of pipelinesOf(config)) {
    for (const role of ["receivers", "processors", "exporters"]) {
      const declared = [...ids(config, role), ...(role === "processors" ? [] : connectors)];
      for (const used of namesIn(pipeline, role)) {
        findings.expect(
          declared.includes(used),
          `pipeline ${name} has ${role}: ${used}, which is not declared`,
          "declare it",
        );
      }
    }
  }
  for (const extension of strings(config, "service", "extensions")) {
    findings.expect(
      ids(config, "extensions").includes(extension),
      `the extension ${extension} is not declared`,
      "declare it",
    );
  }
  for (const id of connectors) {
    for (const role of ["exporters", "receivers"]) {
      const there = pipelinesOf(config).some(([, pipeline]) => namesIn(pipeline, role).includes(id));
      findings.expect(there, `the connector ${id} is in no pipeline's ${role}`, "join two pipelines with it");
    }
  }
}

/** `span_metrics` is made by the module spanmetricsconnector, `file_storage` by filestorage: names differ in `_` only. */
function checkComponents(config: Data, manifest: Data, findings: Findings): void {
  for (const kind of KINDS) {
    const modules = list(manifest, kind).map((entry) =>
      word(entry, "gomod").split(" ")[0]?.split("/").at(-1),
    );
    for (const id of ids(config, kind)) {
      const type = id.split("/")[0]!;
      const built = type.replaceAll("_", "");
      const known =
        modules.includes(built) || modules.includes(`${built}${kind.slice(0, -1)}`) || ELSEWHERE.has(type);
      findings.expect(
        known,
        `${kind}: ${id} is not in builder.yaml`,
        "add its module, or take one that is built",
      );
    }
  }
}

/** What was acknowledged must not be lost: not in a batch, not after some minutes, not in a full memory. */
function checkLosses(config: Data, findings: Findings): void {
  // Of metrics the next point says what the lost one did; of traces there is only one.
  const ofTraces = pipelinesOf(config)
    .filter(([name]) => name.startsWith("traces"))
    .flatMap(([, one]) => namesIn(one, "exporters"));
  const queued = Object.entries(section(config, "exporters")).filter(
    ([id, exporter]) => ofTraces.includes(id) && word(exporter, "sending_queue", "storage") !== "",
  );
  for (const [id, exporter] of queued) {
    const endless = /^0s?$/.test(word(exporter, "retry_on_failure", "max_elapsed_time"));
    findings.expect(
      endless,
      `${id} gives up after a while, and drops what its queue on disk holds`,
      "set retry_on_failure.max_elapsed_time to 0s",
    );
    const blocks = at(exporter, "sending_queue", "block_on_overflow") === true;
    findings.expect(
      blocks,
      `${id} drops what its full queue cannot take`,
      "set sending_queue.block_on_overflow",
    );
    const storage = word(exporter, "sending_queue", "storage");
    findings.expect(
      strings(config, "service", "extensions").includes(storage),
      `${id} keeps its queue in ${storage}, which is not started`,
      "start it",
    );
  }
  for (const [name, pipeline] of pipelinesOf(config)) {
    const processors = namesIn(pipeline, "processors");
    if (namesIn(pipeline, "receivers").includes("otlp")) {
      findings.expect(
        processors[0] === "memory_limiter",
        `pipeline ${name} does not check its memory first`,
        "put memory_limiter first",
      );
    }
    const onDisk = namesIn(pipeline, "exporters").some((id) => queued.some(([other]) => other === id));
    const batch = processors.find((id) => /^batch(\/|$)/.test(id));
    const traces = name.startsWith("traces");
    findings.expect(
      !(onDisk && traces && batch !== undefined),
      `pipeline ${name} has ${batch} before the queue on disk: what it holds was acknowledged`,
      "batch in sending_queue",
    );
  }
}

/** Loopback, unless the environment says otherwise. */
function checkAddresses(shipped: Shipped, file: string, findings: Findings): void {
  for (const line of shipped.get(file)?.match(/^\s*(?:endpoint|host): .*$/gm) ?? []) {
    const open = /0\.0\.0\.0|:-:\d|: :\d/.test(line);
    findings.expect(
      !open,
      `it listens on every interface: ${line.trim()}`,
      "listen on loopback, and let the environment say otherwise",
    );
  }
}
