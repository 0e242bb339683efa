import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  leftName,
  newOwnerName,
  ownerState,
  type ProcessIdentity,
  thisProcess,
} from "../../../../src/pipeline/durable-span-exporter/disk/owner-identity.ts";
import { deadProcess, frame, idsOf, open, scratch } from "./spool.ts";

const us = thisProcess();
/** In another container on a shared volume. */
const elsewhere: ProcessIdentity = { ...us, pidNamespace: "pid:[1]", hostname: "other" };

function ownerIn(directory: string): string {
  return readdirSync(directory).find((name) => name.startsWith("live-"))!;
}

function ageBy(path: string, seconds: number): void {
  const then = Date.now() / 1_000 - seconds;
  utimesSync(path, then, then);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("who owns a directory", () => {
  it("lives while its process runs", () => {
    expect(ownerState(newOwnerName(us), us)).toBe("alive");
  });

  it("is dead where the pid was given to another process", () => {
    expect(ownerState(newOwnerName({ ...us, startTime: "1" }), us)).toBe("dead");
  });

  it("is dead where there is no such process", () => {
    expect(ownerState(newOwnerName({ ...us, pid: 2 ** 22 + 1 }), us)).toBe("dead");
  });

  it("is dead once it was killed, though its parent has not looked yet", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdout.write(''); setInterval(() => {}, 1e6)"]);
    await new Promise((resolve) => child.once("spawn", resolve));
    const stat = readFileSync(`/proc/${child.pid}/stat`, "latin1");
    const startTime = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]!;
    const name = newOwnerName({ ...us, pid: child.pid!, startTime });
    expect(ownerState(name, us)).toBe("alive");
    child.kill("SIGKILL");
    // No turn of the event loop in here: so nobody has asked for its exit code.
    while (!/\) [ZX] /.test(readFileSync(`/proc/${child.pid}/stat`, "latin1"))) {}
    expect(ownerState(name, us)).toBe("dead");
  });

  it.each([
    ["another pid namespace", { pidNamespace: "pid:[1]" }],
    ["another boot", { bootId: "other" }],
    ["another host", { hostname: "other" }],
  ])("cannot be seen in %s, whatever its pid", (_, difference) => {
    expect(ownerState(newOwnerName({ ...us, ...difference }), us)).toBe("elsewhere");
  });

  it("is nobody once it was closed", () => {
    expect(ownerState(leftName(newOwnerName(us)), us)).toBe("dead");
  });

  it.each(["quarantine", "live-", "live-1-2-3", "../live-1-1-0123456789abcdef-01234567", ""])(
    "is not looked for in %j",
    (name) => {
      expect(ownerState(name, us)).toBeUndefined();
    },
  );
});

describe("adoption", () => {
  it("leaves the directory of another queue in the same process alone", async () => {
    const directory = scratch();
    const first = open(directory);
    first.queue.append(frame(1));
    const second = open(directory);
    expect(second.tally.found.frames).toBe(0);
    second.queue.append(frame(2));
    expect([await idsOf(first.queue), await idsOf(second.queue)]).toEqual([[1], [2]]);
  });

  it("takes over from a container with the same pid, as all have", async () => {
    const directory = scratch();
    const before = open(directory, { identity: { ...us, pid: 1, startTime: "11" } });
    before.queue.append(frame(1));
    const after = open(directory, { identity: { ...us, pid: 1, startTime: "12" } });
    expect(await idsOf(after.queue)).toEqual([1]);
  });

  it("does not rob an owner elsewhere whose lease runs", () => {
    const directory = scratch();
    open(directory, { identity: elsewhere }).queue.append(frame(1));
    ageBy(join(directory, ownerIn(directory), "owner.json"), 110);
    expect(open(directory).tally.found.frames).toBe(0);
  });

  it("takes over from an owner elsewhere who has not written for two minutes", async () => {
    const directory = scratch();
    open(directory, { identity: elsewhere }).queue.append(frame(1));
    ageBy(join(directory, ownerIn(directory), "owner.json"), 130);
    expect(await idsOf(open(directory).queue)).toEqual([1]);
  });

  it("comes later too, once a minute, when a lease has run out", () => {
    const directory = scratch();
    // With the real timer: it does not write again within this test.
    open(directory, { identity: elsewhere }).queue.append(frame(1));
    const owner = join(directory, ownerIn(directory), "owner.json");
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { tally } = open(directory);
    ageBy(owner, 130);
    vi.advanceTimersByTime(59_999);
    expect(tally.found.frames).toBe(0);
    vi.advanceTimersByTime(1);
    expect(tally.found.frames).toBe(1);
  });

  it("writes the owner's lease every ten seconds", () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const directory = scratch();
    open(directory, { identity: elsewhere }).queue.append(frame(1));
    ageBy(join(directory, ownerIn(directory), "owner.json"), 130);
    vi.advanceTimersByTime(10_000);
    expect(open(directory).tally.found.frames).toBe(0);
  });

  it("gives frames to one adopter only", async () => {
    const directory = scratch();
    open(directory, { identity: deadProcess() }).queue.append(frame(1));
    const adopters = [open(directory), open(directory), open(directory)];
    const found = adopters.map(({ tally }) => tally.found.frames);
    expect(found).toEqual([1, 0, 0]);
  });

  it("finds what a process had claimed that died over it", async () => {
    const directory = scratch();
    open(directory, { identity: deadProcess() }).queue.append(frame(1));
    const orphan = ownerIn(directory);
    const adopter = join(directory, newOwnerName({ ...us, startTime: "9999" }));
    mkdirSync(adopter, { mode: 0o700 });
    const { renameSync } = await import("node:fs");
    renameSync(join(directory, orphan), join(adopter, `claimed-${orphan}`));
    expect(await idsOf(open(directory).queue)).toEqual([1]);
  });

  it("gives older frames first, whoever wrote them", async () => {
    const directory = scratch();
    let nowMs = 3_000;
    const clock = { now: () => nowMs, monotonic: () => 0 };
    for (const [pid, id] of [3, 1, 2].entries()) {
      nowMs = id * 1_000;
      open(directory, { clock, identity: { ...elsewhere, pidNamespace: `pid:[${pid}]`, pid } }).queue.append(
        frame(id),
      );
    }
    for (const owner of readdirSync(directory)) ageBy(join(directory, owner, "owner.json"), 130);
    expect(await idsOf(open(directory).queue)).toEqual([1, 2, 3]);
  });

  it("does not follow a symbolic link to somebody's directory", () => {
    const [directory, other] = [scratch(), scratch()];
    const link = join(directory, newOwnerName({ ...us, startTime: "1" }));
    mkdirSync(join(other, "x"));
    writeFileSync(join(other, "x", "owner.json"), "{}");
    const { symlinkSync } = process.getBuiltinModule("node:fs");
    symlinkSync(join(other, "x"), link);
    open(directory);
    expect(readdirSync(join(other, "x"))).toEqual(["owner.json"]);
  });
});

it("writes only frames and who owns them, and nothing of the environment", () => {
  const directory = scratch();
  process.env["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=canary-4711";
  open(directory).queue.append(frame(1));
  delete process.env["OTEL_EXPORTER_OTLP_HEADERS"];
  const owner = join(directory, ownerIn(directory));
  expect(Object.keys(JSON.parse(readFileSync(join(owner, "owner.json"), "utf8")))).toEqual([
    "version",
    "hostname",
    "bootId",
    "pidNamespace",
    "pid",
    "startTime",
  ]);
});
