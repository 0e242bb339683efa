import { isPlainObject } from "../../internal/plain-json.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { readJsonSchema } from "./json-schema.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import { describeIssues, type SchemaIssue } from "./schema-issues.ts";

/** What zod, valibot, arktype and others give their schemas (standardschema.dev, version 1). */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** A JSON Schema (draft 4, 7 or 2020-12) as providers take it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type Checked = { readonly value: unknown } | { readonly problems: readonly string[] };
export type SchemaCheck = (value: Record<string, unknown>) => MaybePromise<Checked>;

/** @throws TypeError that names `option`, where it is no schema or one that cannot be read. */
export function schemaCheck(option: string, schema: unknown): SchemaCheck {
  if (schema === undefined) return (value) => ({ value });
  const standard = isStandard(schema) ? schema : readJson(option, schema);
  return (value) => {
    try {
      const result = standard["~standard"].validate(value);
      if (!isThenable(result)) return checked(result, value);
      return result.then((settled) => checked(settled, value), unchecked);
    } catch (error) {
      return unchecked(error);
    }
  };
}

/** A schema that throws has let nothing through. */
function unchecked(error: unknown): Checked {
  reportFailure("a schema of a tool guard", error);
  return { problems: ["arguments: could not be checked"] };
}

function readJson(option: string, schema: unknown): StandardSchema {
  if (isPlainObject(schema)) return readJsonSchema(option, schema);
  throw new TypeError(
    `${option} must be a JSON Schema, or a schema of zod, valibot or another that has "~standard", got ${typeof schema}`,
  );
}

function checked(result: StandardResult<unknown>, given: Record<string, unknown>): Checked {
  if (result.issues === undefined) return { value: result.value };
  return { problems: describeIssues(result.issues, given) };
}

function isStandard(schema: unknown): schema is StandardSchema {
  // Those of arktype are functions.
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) return false;
  const standard: unknown = Reflect.get(schema, "~standard");
  return (
    typeof standard === "object" &&
    standard !== null &&
    "validate" in standard &&
    typeof standard.validate === "function"
  );
}
