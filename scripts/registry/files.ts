import { stringify } from "yaml";
import { VERSION } from "../../src/internal/version.ts";
import { attributeEntry } from "./attribute-entry.ts";
import { ATTRIBUTE_FILES, declarationsOf } from "./declared/attributes.ts";
import { wireName } from "./declared/names.ts";
import { readSemconvSource } from "./docstrings.ts";
import { eventEntries, metricEntries, spanEntries } from "./entries.ts";

/** A file of the registry: its path below the checkout, and its whole text. */
export type RegistryFile = readonly [path: string, text: string];

/** The registry of all that the package emits, in the conventions' own YAML format (`definition/2`). */
export function registryFiles(): readonly RegistryFile[] {
  const { commit, docstrings } = readSemconvSource();
  const attributes = Object.entries(ATTRIBUTE_FILES).map(([file, declared]) =>
    definition(file, {
      attributes: declarationsOf(declared).map(([key, each]) => attributeEntry(key, each, docstrings)),
    }),
  );
  return [
    ["registry/manifest.yaml", manifest(commit)],
    ...attributes,
    definition("entities", { entities: [entity()] }),
    definition("events", { events: eventEntries() }),
    definition("metrics", { metrics: metricEntries() }),
    definition("spans", { spans: spanEntries() }),
  ];
}

function definition(file: string, content: object): RegistryFile {
  return [`registry/${file}.yaml`, `${GENERATED}${yaml({ file_format: "definition/2", ...content })}`];
}

/** What the package says of a process; hosts and SDKs are described by OpenTelemetry's own detectors. */
function entity(): object {
  return {
    type: "agents.process",
    brief: "A process whose agents are watched.",
    stability: "development",
    identity: [{ ref: wireName("ATTR_SERVICE_NAME") }],
    description: [{ ref: wireName("ATTR_METRICS_SOURCE") }],
  };
}

const GENERATED =
  "# Written by `node scripts/registry/generate.ts` from src/telemetry/semconv.ts and scripts/registry/declared.\n";

function manifest(commit: string): string {
  const upstream = `https://github.com/open-telemetry/semantic-conventions-genai.git@${commit}[model]`;
  return `${GENERATED}#
# Upstream: ${upstream}
# It has no release and no schema URL yet. What is used of it is defined here again, so that this registry resolves on its own;
# \`origin\` says of each name whose it is. Attributes of OpenTelemetry itself are those of its conventions.
${yaml({
  name: "agent-otel",
  description: "Everything that agent-otel emits: attributes, spans, events and metrics.",
  // Required, and only a name: nothing is published there.
  schema_url: `https://agent-otel.invalid/registry/${VERSION}`,
})}`;
}

function yaml(content: object): string {
  return stringify(content, { lineWidth: 130, aliasDuplicateObjects: false });
}
