import { afterEach, beforeEach } from "vitest";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { type Watch, watch } from "../../agent/support.ts";

export interface Watched extends Watch {
  readonly provider: ScriptedProvider;
  /** The names of all spans as a tree, two spaces for each level, those of one level in the order in which they ended. */
  tree(): readonly string[];
}

/** As `watch`, with a provider to talk to. */
export function watched(): Watched {
  const told = watch();
  let provider: ScriptedProvider;
  beforeEach(async () => {
    provider = await scriptedProvider();
  });
  afterEach(() => provider.close());
  return {
    get spans() {
      return told.spans;
    },
    get records() {
      return told.records;
    },
    get warnings() {
      return told.warnings;
    },
    get provider() {
      return provider;
    },
    tree() {
      const { spans } = told.spans;
      const ids = new Set(spans.map(({ spanId }) => spanId));
      const below = (parent: string | undefined, indent: string): string[] =>
        spans
          .filter(({ parentSpanId: id }) => (id !== undefined && ids.has(id) ? id : undefined) === parent)
          .flatMap(({ name, spanId }) => [`${indent}${name}`, ...below(spanId, `${indent}  `)]);
      return below(undefined, "");
    },
  };
}
