import { field, list } from "../../instrumentation/fields.ts";
import type { Session } from "./session.ts";

const EVENTS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop"] as const;

/** The program's options with hooks of ours beside its own, and with the events from which tokens are read. */
export function withHooks(options: unknown, session: Session): object {
  const own = field(options, "hooks");
  const hooks: Record<string, unknown> = typeof own === "object" && own !== null ? { ...own } : {};
  for (const event of EVENTS) {
    const ours = { hooks: [(input: unknown) => session.hook(input)] };
    hooks[event] = [...list(own, event), ours];
  }
  return { ...(options as object | undefined), hooks, includePartialMessages: true };
}
