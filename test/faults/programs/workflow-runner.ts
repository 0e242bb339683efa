// Runs workflows of so many steps, one id after the other, each step with an effect, and says on stdout what happens as it happens: `start`,
// `effect` with its key, `kept`, `done`, `held`, `lost`. Usage: workflow-runner.ts PLACE FIRST COUNT STEPS CRASH KIND LEASE_MS; PLACE: a folder, a file
// that ends in .db, or postgres://URL; CRASH: `SEQ:POINT`, where the process kills itself, or `-`; KIND: ours, naive.
import { writeSync } from "node:fs";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { checkpointedWorkflow, isAgentError } from "../../../src/index.ts";
import type { CheckpointStore } from "../../../src/stores/checkpoints/checkpoint-store.ts";
import { NaiveWorkflow } from "../../naive/workflow-file-checkpoints.ts";
import { openCheckpoints } from "../support/open-checkpoints.ts";

const [place = "", first = "0", count = "1", steps = "20", crash = "-", kind = "ours", leaseMs = "150"] =
  process.argv.slice(2);
/** A step works for about so long. */
const WORK_MS = 1;

const [crashSeq = "", crashPoint = ""] = crash.split(":");

function say(...words: readonly (string | number)[]): void {
  writeSync(1, `${words.join(" ")}\n`);
}

function dieAt(point: string, seq: number): void {
  if (point === crashPoint && String(seq) === crashSeq) process.kill(process.pid, "SIGKILL");
}

async function work(id: string, seq: number, key: string): Promise<object> {
  say("start", id, seq);
  dieAt("started", seq);
  await wait(Math.random() * WORK_MS);
  say("effect", id, seq, key);
  dieAt("effect", seq);
  return { [`step ${seq}`]: key };
}

/** Dies before, within and after the keeping of a step. */
function watched(store: CheckpointStore): CheckpointStore {
  const commit: CheckpointStore["commit"] = async (hold, step) => {
    dieAt("result", step.seq);
    const pending = store.commit(hold, step);
    // While it is written, or before anybody is told of it.
    if (crashPoint === "in_flight") await turn();
    dieAt("in_flight", step.seq);
    const answer = await pending;
    if (answer === "committed") say("kept", hold.id, step.seq);
    dieAt("kept", step.seq);
    return answer;
  };
  return new Proxy(store, {
    get(target, name) {
      if (name === "commit") return commit;
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}

async function runOurs(id: string, checkpoints: CheckpointStore): Promise<void> {
  let workflow = checkpointedWorkflow("faults", {
    store: { checkpoints },
    leaseMs: Number(leaseMs),
    maxCrashes: 1_000,
  });
  for (let seq = 0; seq < Number(steps); seq++)
    workflow = workflow.step(`step ${seq}`, (_, { idempotencyKey }) => work(id, seq, idempotencyKey));
  for (;;) {
    try {
      await workflow.execute(id);
      return say("done", id);
    } catch (error) {
      if (!isAgentError(error)) throw error;
      if (error.code === "workflow_lost") return say("lost", id);
      if (error.code !== "workflow_held") throw error;
      say("held", id);
      await wait(20);
    }
  }
}

async function runNaive(id: string): Promise<void> {
  const naive = new NaiveWorkflow(place, (seq) => {
    say("kept", id, seq);
    dieAt("kept", seq);
  });
  for (let seq = 0; seq < Number(steps); seq++)
    naive.addStep(`step ${seq}`, () => work(id, seq, `${id}:${seq}`));
  naive.onSave = (seq) => void setImmediate(() => dieAt("in_flight", seq));
  await naive.execute(id);
  say("done", id);
}

const opened = kind === "ours" ? openCheckpoints(place) : undefined;
for (let i = 0; i < Number(count); i++) {
  const id = `run ${Number(first) + i}`;
  if (opened === undefined) await runNaive(id);
  else await runOurs(id, watched(opened.checkpoints));
}
await opened?.close();
process.exit();
