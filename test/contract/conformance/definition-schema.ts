/** The part of the conventions' format `definition/2` that registry/ uses, as JSON schema. Unknown keys are faults. */
const text = { type: "string", minLength: 1 };
const stability = { enum: ["stable", "development"] };
const annotations = { type: "object" };
const name = { type: "string", pattern: "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*$" };

function object(
  required: Readonly<Record<string, object>>,
  optional: Readonly<Record<string, object>> = {},
): object {
  return {
    type: "object",
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

const list = (items: object): object => ({ type: "array", items });

const ref = object(
  { ref: name },
  { requirement_level: { enum: ["required", "recommended", "opt_in"] }, annotations },
);
const member = object(
  { id: text, value: { type: ["string", "integer", "boolean"] }, stability },
  { brief: text },
);
const attributeType = {
  anyOf: [
    { enum: ["string", "int", "double", "boolean", "any", "string[]", "int[]", "double[]", "boolean[]"] },
    object({ members: { ...list(member), minItems: 1 } }),
  ],
};
const signal = { brief: text, stability };
const rest = { attributes: list(ref), annotations };

/** What each file of the registry but its manifest has to be. */
export const DEFINITION_SCHEMA: object = object(
  { file_format: { const: "definition/2" } },
  {
    attributes: list(
      object(
        { key: name, type: attributeType, ...signal },
        { examples: { type: "array", minItems: 1 }, annotations },
      ),
    ),
    spans: list(
      object(
        {
          type: name,
          kind: { enum: ["client", "internal", "server"] },
          name: object({ note: text }),
          ...signal,
        },
        rest,
      ),
    ),
    events: list(object({ name, ...signal }, rest)),
    metrics: list(
      object(
        {
          name,
          instrument: { enum: ["counter", "updowncounter", "gauge", "histogram"] },
          unit: text,
          ...signal,
        },
        rest,
      ),
    ),
    entities: list(
      object({ type: name, identity: list(ref), ...signal }, { description: list(ref), annotations }),
    ),
  },
);
