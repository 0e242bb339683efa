import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv, type AnySchemaObject, type ValidateFunction } from "ajv";
import { PREVIEW, previewVersion } from "./preview-install.ts";

/** A type that Grafana publishes: its file below @grafana/schema's raw types, and its name. */
export interface SchemaName {
  /** `composable/stat/panelcfg/x` */
  readonly folder: string;
  /** `Options` */
  readonly type: string;
}

/** @returns What the schema refuses, one sentence each; `undefined` where Grafana publishes no such type. */
export type SchemaErrors = (name: SchemaName, value: unknown) => readonly string[] | undefined;

interface Generator {
  createGenerator(config: Readonly<Record<string, unknown>>): { createSchema(type: string): AnySchemaObject };
}

/** Schemas made from Grafana's own types: a key that its panel does not know is refused. */
export function schemaValidator(say: (line: string) => void): SchemaErrors {
  const validators = new Map<string, ValidateFunction | undefined>();
  return (name, value) => {
    const key = `${name.folder}#${name.type}`;
    if (!validators.has(key)) validators.set(key, validatorOf(name, say));
    const validate = validators.get(key);
    if (validate === undefined) return undefined;
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const extra = "additionalProperty" in params ? `: ${String(params["additionalProperty"])}` : "";
      return `${instancePath || "/"} ${message ?? "is refused"}${extra}`;
    });
  };
}

function validatorOf(name: SchemaName, say: (line: string) => void): ValidateFunction | undefined {
  const schema = schemaOf(name, say);
  // Files leave out what is as it is by default, and Grafana fills it in.
  return schema === undefined
    ? undefined
    : new Ajv({ strict: false, allErrors: true }).compile(optional(schema));
}

function schemaOf({ folder, type }: SchemaName, say: (line: string) => void): AnySchemaObject | undefined {
  const types = join(PREVIEW, "node_modules/@grafana/schema/dist/types/raw", folder, "types.gen.d.ts");
  if (!existsSync(types)) return undefined;
  const cache = join(PREVIEW, "node_modules/.cache/schemas", previewVersion());
  const file = join(cache, `${folder.replaceAll("/", "-")}-${type}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as AnySchemaObject;
  if (!new RegExp(`export (interface|type) ${type}\\b`).test(readFileSync(types, "utf8"))) return undefined;
  say(`making the schema of ${folder}, ${type}`);
  const schema = generate(types, type, cache);
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(schema));
  renameSync(`${file}.${process.pid}`, file);
  return schema;
}

/** Each file by itself: through the package's re-exports the schemas come out empty, and everything passes. */
function generate(path: string, type: string, cache: string): AnySchemaObject {
  mkdirSync(cache, { recursive: true });
  const tsconfig = join(cache, "tsconfig.json");
  const compilerOptions = {
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    types: [],
    skipLibCheck: true,
  };
  writeFileSync(tsconfig, JSON.stringify({ compilerOptions }));
  const require = createRequire(pathToFileURL(join(PREVIEW, "package.json")));
  const { createGenerator } = require("ts-json-schema-generator") as Generator;
  const schema = createGenerator({
    path,
    type,
    tsconfig,
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema(type);
  if (JSON.stringify(schema).length < 200) throw new Error(`the schema of ${type} in ${path} is empty`);
  return schema;
}

function optional<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(optional) as T;
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => key !== "required" || !Array.isArray(value),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, optional(value)])) as T;
}
