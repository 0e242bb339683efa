/** What the probe in a running program tells, one JSON object on a line. */
export type Sighting = { readonly pid: number } & (
  | {
      readonly kind: "start";
      readonly node: string;
      readonly folder: string;
      /** OTEL_*, AGENT_OTEL_* and NODE_OPTIONS, without those that may hold secrets. */
      readonly env: Readonly<Record<string, string>>;
    }
  /** `agent-otel/register` was looked up. `from`: the file that did; `undefined` for Node's own options. */
  | { readonly kind: "register"; readonly from: string | undefined }
  | {
      readonly kind: "client";
      readonly name: string;
      readonly url: string;
      readonly way: "import" | "require";
      /** Whether require() was hooked by then. */
      readonly hooked: boolean;
    }
  /** A stand-in of ours was loaded for the client at this URL. */
  | { readonly kind: "shim"; readonly url: string }
  /** A tracer provider was registered. `by`: the package whose code did; `undefined`: the program's own. */
  | { readonly kind: "provider"; readonly name: string; readonly by: string | undefined }
  /** So far. */
  | { readonly kind: "spans"; readonly made: number; readonly sampled: number }
  /** A line that agent-otel wrote to stderr. */
  | { readonly kind: "said"; readonly text: string }
);

/** Where a program in a probe writes to, and what it looks for. JSON in an environment variable. */
export interface ProbeSettings {
  readonly file: string;
  readonly clients: readonly string[];
  /** URL of our own `register`, under whatever name a program loads it. */
  readonly register: string;
}

export const PROBE_VARIABLE = "AGENT_OTEL_DOCTOR_PROBE";
