import { toFollowPath } from "./matchers/to-follow-path.ts";
import { toHaveCalled, toHaveCalledTool } from "./matchers/to-have-called.ts";
import { toHaveNoErrors } from "./matchers/to-have-no-errors.ts";
import { toHaveNoLoops } from "./matchers/to-have-no-loops.ts";
import { toCostLessThan, toUseFewerTokensThan } from "./matchers/to-spend-less.ts";

/** All matchers, for `expect.extend` of Vitest, Jest and whoever takes the same. `agent-otel/testing/vitest` does that, with types. */
export const traceMatchers = Object.freeze({
  toHaveCalled,
  toHaveCalledTool,
  toCostLessThan,
  toUseFewerTokensThan,
  toFollowPath,
  toHaveNoLoops,
  toHaveNoErrors,
});
