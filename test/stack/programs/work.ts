// Workflows, dead letters and shared state under a seeded load. Prints what they did, counted by itself, and stays until its standard input
// ends, so that gauges can be looked at. Usage: node --import agent-otel/register work.ts SEED RUNS DATABASE
import { once } from "node:events";
import {
  checkpointedWorkflow,
  type DeadLetter,
  deadLetterQueue,
  isAgentError,
  sharedState,
  sqliteStore,
  windowMemory,
} from "agent-otel";
import { add, type Counts } from "../support/ledger.ts";
import { seeded } from "../support/random.ts";

/** Keys are joined with "|". */
export interface WorkTruth {
  /** `workflow|outcome` */
  readonly runs: Counts;
  readonly resumes: Counts;
  /** `workflow|step|outcome` */
  readonly attempts: Counts;
  /** `type|reason` */
  readonly letters: Counts;
  /** `outcome` */
  readonly replays: Counts;
  readonly unresolved: number;
  /** `strategy` */
  readonly conflicts: Counts;
  /** Messages that left. */
  readonly evicted: number;
}

const [seed = "1", runs = "60", database = ""] = process.argv.slice(2);
const random = seeded(Number(seed));
const truth = { runs: {}, resumes: {}, attempts: {}, letters: {}, replays: {}, conflicts: {} };

const store = sqliteStore(database);
const added: DeadLetter[] = [];
const letters = deadLetterQueue({ store, onLetter: (letter) => added.push(letter) });
const failing = { share: 0.2 };

function maybe(step: string): object {
  const fails = random() < failing.share;
  add(truth.attempts, `research|${step}|${fails ? "failed" : "done"}`);
  if (fails) throw new Error("the model is overloaded");
  return { [step]: "done" };
}

const research = checkpointedWorkflow("research", { store, deadLetters: letters })
  .step("gather", () => maybe("gather"))
  .step("search", () => maybe("search"))
  .step("write", () => maybe("write"));

async function run(id: string): Promise<unknown> {
  try {
    const state = await research.execute(id);
    add(truth.runs, "research|completed");
    return state;
  } catch (error) {
    add(truth.runs, "research|failed");
    throw error;
  }
}

for (let i = 0; i < Number(runs); i++) await run(`run ${i}`).catch(() => {});
for (const { taskType, reason } of added) add(truth.letters, `${taskType}|${reason}`);

// Some are replayed, and some of these fail again.
failing.share = 0.5;
for (const letter of added.slice(0, Math.ceil(added.length / 2))) {
  add(truth.resumes, "research");
  const { ok } = await letters.replay(letter.id, (payload) =>
    run((payload as { workflowId: string }).workflowId),
  );
  add(truth.replays, ok ? "succeeded" : "failed");
}
const { unresolved } = await letters.summary();

const state = sharedState({ name: "team", store });
for (let i = 0; i < 50; i++) {
  const seen = await state.read("plan");
  const expectedVersion = Math.max(0, (seen?.version ?? 0) - (random() < 0.3 ? 1 : 0));
  try {
    await state.write("plan", { i }, { expectedVersion, agent: "planner" });
  } catch (error) {
    if (!isAgentError(error) || error.code !== "state_conflict") throw error;
    add(truth.conflicts, "reject");
  }
}

const chat = windowMemory({ name: "chat", maxTokens: 200, maxMessages: 6 });
for (let i = 0; i < 40; i++) chat.add({ role: i % 2 === 0 ? "user" : "assistant", content: `message ${i}` });
const evicted = 40 - chat.size;

console.log(JSON.stringify({ ...truth, unresolved, evicted } satisfies WorkTruth));
process.stdin.resume();
await once(process.stdin, "end");
await store.close();
