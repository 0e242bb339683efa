/** A peer on one train of the OpenTelemetry SDK: 2.x with an API of 1.9, or 3.x with one of 1.10. */
export interface Combination {
  readonly peer: string;
  readonly train: "2.x" | "3.x";
  /** In test/stack/beside. */
  readonly folder: string;
  /** How the scopes of the peer's spans are called. */
  readonly scope: RegExp;
  /** What every span of a call of the peer's has, with us and without. */
  readonly own: Readonly<Record<string, string>>;
  /** What the peer does not tell, where it alone has instrumented the client. */
  readonly leavesOut: readonly ("cached tokens" | "tokens of streams")[];
}

const PEERS: readonly (Omit<Combination, "train" | "folder"> & { readonly name: string })[] = [
  {
    peer: "@opentelemetry/instrumentation-openai",
    name: "opentelemetry",
    scope: /^@opentelemetry\/instrumentation-openai$/,
    own: { "gen_ai.request.model": "gpt-4o-mini" },
    leavesOut: ["cached tokens"],
  },
  {
    peer: "OpenLLMetry",
    name: "openllmetry",
    scope: /^@traceloop\/instrumentation-openai$/,
    own: { "gen_ai.request.model": "gpt-4o-mini" },
    leavesOut: ["cached tokens", "tokens of streams"],
  },
  {
    peer: "OpenInference",
    name: "openinference",
    scope: /^@arizeai\/openinference-instrumentation-openai$/,
    own: { "openinference.span.kind": "LLM", "llm.model_name": "gpt-4o-mini" },
    leavesOut: ["tokens of streams"],
  },
  {
    peer: "OpenLIT",
    name: "openlit",
    // Its instrumentation of vLLM, which has the client of OpenAI, patches last.
    scope: /^@openlit\/instrumentation-(openai|vllm)$/,
    own: { "gen_ai.request.model": "gpt-4o-mini" },
    leavesOut: [],
  },
  {
    // On 3.x without @langfuse/otel: see CONFLICTS.
    peer: "Langfuse",
    name: "langfuse",
    scope: /^langfuse-sdk$/,
    own: { "langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o-mini" },
    leavesOut: [],
  },
];

export const COMBINATIONS: readonly Combination[] = PEERS.flatMap(({ name, ...peer }) => [
  { ...peer, train: "2.x" as const, folder: `${name}-2` },
  { ...peer, train: "3.x" as const, folder: `${name}-3` },
]);

/** What npm refuses to install, with us and without. */
export const CONFLICTS = [
  {
    packages: {
      "@opentelemetry/api": "1.10.0",
      "@opentelemetry/sdk-trace": "3.1.0",
      "@langfuse/otel": "5.11.1",
    },
    reason: "@langfuse/otel asks for 2.x of @opentelemetry/core, and that for an API below 1.10",
  },
] as const;
