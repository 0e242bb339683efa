import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ATTRIBUTE_FILES, declarationsOf } from "../../scripts/registry/declared/attributes.ts";
import { EVENTS } from "../../scripts/registry/declared/events.ts";
import { keysStarting, wireName } from "../../scripts/registry/declared/names.ts";
import { readSemconvSource } from "../../scripts/registry/docstrings.ts";
import { DEFINITION_SCHEMA } from "./conformance/definition-schema.ts";
import { readRegistry, registryDocuments } from "./conformance/registry.ts";
import { root } from "./source-files.ts";

const registry = readRegistry();
const manifest = readFileSync(join(root, "registry/manifest.yaml"), "utf8");
const docs = readFileSync(join(root, "docs/telemetry.md"), "utf8");

describe("registry/, which says in the conventions' own format what the package emits", () => {
  it("is what its generator writes; else run `node scripts/registry/generate.ts`", () => {
    const file = join(root, "scripts/registry/generate.ts");
    expect(() => execFileSync(process.execPath, [file, "--check"], { stdio: "pipe" })).not.toThrow();
  });

  it("declares every attribute of semconv.ts; a new one goes into scripts/registry/declared/attributes-*.ts", () => {
    const declared = Object.values(ATTRIBUTE_FILES).flatMap((file) =>
      declarationsOf(file).map(([key]) => key),
    );
    expect([...declared].sort()).toEqual([...keysStarting("ATTR_")].sort());
  });

  it("declares every event of semconv.ts; a new one goes into scripts/registry/declared/events.ts", () => {
    expect(Object.keys(EVENTS).sort()).toEqual([...keysStarting("EVENT_")].sort());
  });

  it("declares every metric of semconv.ts; a new one goes into grafana/src/metrics/catalogue.ts, with a brief in scripts/registry", () => {
    const names = keysStarting("METRIC_").map((key) => wireName(key as Parameters<typeof wireName>[0]));
    expect(registry.metrics.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it.each(registryDocuments())("%s is in the format definition/2", (_, document) => {
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(DEFINITION_SCHEMA);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("declares each name once, and refers to none that it does not declare", () => {
    const { attributes: declared, spans, events, metrics } = registry;
    const kinds = [
      declared.map(({ key }) => key),
      spans.map(({ type }) => type),
      ...[events, metrics].map((of) => of.map(({ name }) => name)),
    ];
    expect(kinds.flatMap((names) => names.filter((name, at) => names.indexOf(name) !== at))).toEqual([]);
    const attributes = new Set(kinds[0]);
    const signals = [...spans, ...events, ...metrics];
    const refs = [
      ...signals.flatMap((signal) => signal.attributes ?? []),
      ...registry.entities.flatMap(({ identity, description = [] }) => [...identity, ...description]),
    ];
    expect(refs.map(({ ref }) => ref).filter((ref) => !attributes.has(ref))).toEqual([]);
  });

  it("names each attribute of a signal once", () => {
    const signals = [...registry.spans, ...registry.events, ...registry.metrics];
    const twice = signals.flatMap(({ attributes = [] }) =>
      attributes.map(({ ref }) => ref).filter((ref, at, refs) => refs.indexOf(ref) !== at),
    );
    expect(twice).toEqual([]);
  });

  it("says of each name in one line what it is, and whose", () => {
    const briefs = [...registry.attributes, ...registry.spans, ...registry.events, ...registry.metrics];
    expect(briefs.filter(({ brief }) => !/^\S.*\S$/.test(brief)).map(({ brief }) => brief)).toEqual([]);
    const origins = new Set(registry.attributes.map(({ annotations }) => annotations.agent_otel.origin));
    expect([...origins].sort()).toEqual([
      "GenAI conventions",
      "GenAI conventions, v1.41",
      "OpenTelemetry semantic conventions",
      "agent-otel",
      "proposal open-telemetry/semantic-conventions-genai#443",
      "proposal open-telemetry/semantic-conventions-genai#447",
    ]);
  });

  it("has a manifest with a schema URL, which notes the commit upstream that semconv.ts is from", () => {
    const { name, schema_url } = parse(manifest) as Readonly<Record<string, string>>;
    expect(name).toBe("agent-otel");
    expect(schema_url).toMatch(/^https:\/\/[^/]+\/.+\/\d+\.\d+\.\d+$/);
    expect(manifest).toContain(`semantic-conventions-genai.git@${readSemconvSource().commit}[model]`);
  });
});

describe("docs/telemetry.md", () => {
  it("has every attribute, metric and event of the registry", () => {
    const { attributes, events, metrics } = registry;
    const names = [...attributes.map(({ key }) => key), ...[...events, ...metrics].map(({ name }) => name)];
    expect(names.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });

  it("has every kind of span of the registry", () => {
    const names = registry.spans.flatMap(({ annotations }) => annotations.agent_otel.names[0] ?? []);
    const words = names.map((name) => name.replace("{gen_ai.operation.name}", "chat").split(" ")[0] ?? "");
    expect(words.filter((word) => !docs.includes(`\`${word} {`) && !docs.includes(`\`${word}\``))).toEqual(
      [],
    );
  });
});
