import { agent, tool, workflow } from "agent-otel";
import type { Bookkeeper } from "./books.ts";
import { judge, openMistakes } from "./judged.ts";
import { CLAUDE, GPT, type Models } from "./models.ts";

/** What goes wrong, as the seed has it: from 0 to 1. */
export type Dice = (share: number) => boolean;

/** Four agents under a workflow, their tools and models; each call is in the books. */
export function openTeam(keeper: Bookkeeper, models: Models, fails: Dice) {
  const tools = Object.fromEntries(
    ["search", "read_file", "calculator"].map((name) => [
      name,
      tool(name, async (failing: boolean, _about: number) => {
        if (failing) throw new TypeError("the tool broke");
      }),
    ]),
  );
  let asked = 0;
  let written = 0;
  const mistake = openMistakes(keeper);
  const use = async (source: string, name: string, about = ++asked, failing = fails(0.1)): Promise<void> => {
    keeper.called(source, `tool:${name}`, failing);
    await tools[name]!(failing, about).catch(() => undefined);
  };
  const ask = (source: string, model: typeof GPT | typeof CLAUDE): Promise<void> =>
    models.ask(source, model, { stream: fails(0.5), fails: fails(0.06) }).catch(() => undefined);
  /** Calls an agent as `caller`; whether it fails is settled before. */
  const call = async (
    caller: string,
    name: string,
    run: (failing: boolean) => Promise<void>,
    failing = fails(0.08),
  ): Promise<void> => {
    keeper.called(caller, name, failing);
    await run(failing);
  };

  const reviewer = agent("reviewer", async (failing: boolean) => {
    await ask("reviewer", CLAUDE);
    if (failing) throw new RangeError("not good enough");
  });
  const writer = agent("writer", async (failing: boolean) => {
    await ask("writer", GPT);
    await use("writer", "calculator");
    if (++written % 3 === 0) await mistake("writer");
    judge(!failing);
    if (fails(0.5)) await call("writer", "reviewer", reviewer).catch(() => undefined);
    if (failing) throw new Error("writer's block");
  });
  const researcher = agent("researcher", async (failing: boolean) => {
    await use("researcher", "search");
    await use("researcher", "read_file");
    await ask("researcher", GPT);
    await models.embed("researcher", fails(0.06)).catch(() => undefined);
    if (fails(0.2)) await models.askOther("researcher", "usage");
    if (fails(0.1)) await models.askOther("researcher", "nothing");
    if (failing) throw new Error("nothing found");
  });
  const planner = agent("planner", async (failing: boolean) => {
    await ask("planner", CLAUDE);
    await call("planner", "researcher", researcher).catch(() => undefined);
    await call("planner", "writer", writer).catch(() => undefined);
    if (failing) throw new Error("no plan");
  });
  // Somebody has put an id into its name: metrics fold it.
  const misnamed = tool("page 0f8fad5b-d9cb-469f-a165-70867728950e", async () => undefined);
  /** Asks its model what to do, and reads the same two pages over and over. */
  const rambler = agent("rambler", async (failing: boolean) => {
    keeper.called("rambler", "tool:_OTHER", false);
    await misnamed();
    for (let round = 0; round < 5; round++) {
      await models.ask("rambler", GPT);
      await use("rambler", "search", -1, false);
      await use("rambler", "read_file", -2, false);
    }
    if (failing) throw new Error("lost the thread");
  });
  const report = workflow("report", async () => {
    await call("report", "planner", planner);
    if (fails(0.3)) await call("report", "reviewer", reviewer);
  });

  return {
    call,
    researcher,
    /** A request of a user to an agent. */
    plan: () => call("user", "planner", planner).catch(() => undefined),
    /** The same to the agent that asks one model and nobody else. */
    review: () => call("user", "reviewer", reviewer).catch(() => undefined),
    /** A request of a user to the workflow. Not an edge: the SDK's histogram of workflows has no caller. */
    report: () => report().catch(() => undefined),
    ramble: () => call("user", "rambler", rambler).catch(() => undefined),
  };
}

export type Team = ReturnType<typeof openTeam>;
