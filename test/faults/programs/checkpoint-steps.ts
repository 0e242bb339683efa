import { writeFileSync, writeSync } from "node:fs";
import { DiskModel } from "../support/disk-model.ts";
import { type DiskCall, watchFiles } from "../support/watched-files.ts";

// Does one thing after the other in a folder of checkpoints, says each when its promise has resolved, and what a power cut would take then.
// node checkpoint-steps.ts DIRECTORY SCENE DIE_AT
// DIE_AT: the process kills itself before that call which changes the disk, and in the middle of it where that writes a file. 0: never.

const [directory = "", scene = "", dieAt = "0"] = process.argv.slice(2);
const ID = "orders/7";
const disk = new DiskModel();
let calls = 0;

const die = () => {
  process.kill(process.pid, "SIGKILL");
  // A signal comes when it comes.
  for (;;);
};
const isTemporary = (path: string) => path.includes("/.");
const say = (what: string) => {
  const atRisk = disk.atRisk((path) => path.startsWith(directory) && !isTemporary(path));
  writeSync(
    1,
    `${JSON.stringify({ what, calls, atRisk: atRisk.map((path) => path.slice(directory.length)) })}\n`,
  );
};
await watchFiles({
  before({ path, text }) {
    calls += 1;
    if (calls !== Number(dieAt)) return;
    if (text !== undefined) writeFileSync(path, text.slice(0, text.length / 2));
    die();
  },
  after: (call: DiskCall) => disk.done(call),
});

if (scene === "in-place") {
  const { CheckpointInPlace } = await import("../../naive/checkpoint-in-place.ts");
  const store = new CheckpointInPlace(directory);
  for (const seq of [0, 1, 2]) {
    await store.commit(seq);
    say(`committed ${seq}`);
  }
} else {
  const { fileCheckpoints } = await import("../../../src/stores/file/file-checkpoints.ts");
  const { claimOf, holdOf, stepOf } = await import("../support/checkpoint-claims.ts");
  const store = fileCheckpoints(directory);
  if (scene === "decree") {
    await store.cancel(ID);
    say("cancelled");
    await store.reopen(ID);
    say("reopened");
  }
  const claim = await store.claim(claimOf({ id: ID, leaseMs: 60_000 }));
  const hold = holdOf(claim);
  say("claimed");
  for (let seq = claim.kind === "claimed" ? claim.steps.length : 0; seq < 3; seq++) {
    await store.commit(hold, stepOf(seq));
    say(`committed ${seq}`);
    await store.renew(hold, 60_000);
    say("renewed");
  }
  if (scene === "forget") await store.forget(hold);
  else await store.end(hold, "completed");
  say(scene === "forget" ? "forgotten" : "completed");
}
