import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type {
  BreakerDriver,
  Hearing,
  OperatorAction,
  OperatorRecord,
} from "../../src/stores/breakers/breaker-driver.ts";
import type { OperatorState } from "../../src/stores/breakers/breaker-store.ts";

/** Each call is another client of the same database. */
export type OpenBreakers = () => Promise<BreakerDriver>;

/** Tests that a driver may leave out, each with its reason. */
export type BreakerSkips = Partial<Record<"names what changed", string>>;

const LONG_MS = 60_000;
const NOTHING = { operator: undefined, instances: [] };

/** What every driver for breaker state does, whatever it is kept in. */
export function breakerStoreSuite(open: OpenBreakers, skip: BreakerSkips = {}): void {
  const opened: BreakerDriver[] = [];
  const client = async (): Promise<BreakerDriver> => {
    const driver = await open();
    opened.push(driver);
    return driver;
  };
  const unless = (name: keyof BreakerSkips) => (skip[name] === undefined ? it : it.skip);
  const reason = (name: keyof BreakerSkips) => (skip[name] === undefined ? "" : ` (skipped: ${skip[name]})`);

  afterEach(async () => {
    for (const driver of opened.splice(0)) await driver.close();
  });

  it("has nothing under a name that nobody has used", async () => {
    const name = newName();
    expect((await (await client()).read([name])).get(name)).toEqual(NOTHING);
  });

  it.each<OperatorState>(["forced_open", "disabled", "reset"])("gives %s to every client", async (state) => {
    const [one, other, name] = [await client(), await client(), newName()];
    const written = await one.operate(name, act(state, "me"));
    expect(written).toMatchObject({ state, by: "me" });
    expect(await operatorOf(other, name)).toEqual({ ...written, ageMs: expect.any(Number) });
  });

  it("gives each action a higher version than all before, also where many come at once", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    const acts = Array.from({ length: 20 }, (_, i) =>
      (i % 2 === 0 ? one : other).operate(name, act("reset", "me")),
    );
    const versions = (await Promise.all(acts)).map(({ version }) => version);
    // One who is told of a later action than its own is right as well.
    expect((await operatorOf(one, name))?.version).toBe(Math.max(...versions));
    const next = await other.operate(name, act("disabled", "me"));
    expect(next.version).toBeGreaterThan(Math.max(...versions));
  });

  it("lets what was done later win, whatever arrives first", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    const later = await one.operate(name, act("reset", "later", 1_000));
    const told = await other.operate(name, act("forced_open", "earlier", 5_000));
    expect(told).toMatchObject({ state: "reset", by: "later", version: later.version });
    expect(await operatorOf(other, name)).toMatchObject({ state: "reset", by: "later" });
  });

  it("takes the actions of one instance in the order in which it hands them in", async () => {
    const [one, name] = [await client(), newName()];
    const first = await one.operate(name, act("forced_open", "me"));
    const second = await one.operate(name, act("reset", "me", 5_000));
    expect(second.state).toBe("reset");
    expect(second.version).toBeGreaterThan(first.version);
  });

  it("lets an action win over the one that was known when it was done, whatever the clocks say", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    const first = await one.operate(name, act("forced_open", "first", 1_000));
    const second = await other.operate(name, act("reset", "second", 5_000, first.version));
    expect(second).toMatchObject({ state: "reset", by: "second", version: first.version + 1 });
    const third = await one.operate(name, act("disabled", "third", 5_000, first.version));
    expect(third).toMatchObject({ state: "reset", by: "second" });
  });

  it("says how long ago an action was done, and not when it arrived", async () => {
    const [one, name] = [await client(), newName()];
    await one.operate(name, act("forced_open", "me", 30_000));
    const { ageMs = 0 } = (await operatorOf(one, name)) ?? {};
    expect(ageMs).toBeGreaterThanOrEqual(30_000);
    expect(ageMs).toBeLessThan(45_000);
  });

  it("lets nobody be outdone by a version in the future, as after a clock was set back", async () => {
    const [one, name] = [await client(), newName()];
    const future = Date.now() + 3_600_000;
    await one.restore(name, { state: "forced_open", version: future, by: "yesterday" });
    const reset = await one.operate(name, act("reset", "me"));
    expect(reset).toMatchObject({ state: "reset", version: future + 1 });
  });

  it("puts back what was lost, with its version", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    const lost = { state: "forced_open", version: Date.now() - 10_000, by: "gone" } as const;
    await one.restore(name, lost);
    expect(await operatorOf(other, name)).toMatchObject(lost);
  });

  it("puts nothing back over what is as new, or newer", async () => {
    const [one, name] = [await client(), newName()];
    const { version } = await one.operate(name, act("reset", "me"));
    await one.restore(name, { state: "forced_open", version, by: "late" });
    await one.restore(name, { state: "disabled", version: version - 1, by: "later" });
    expect(await operatorOf(one, name)).toMatchObject({ state: "reset", version, by: "me" });
  });

  it("puts back a newer one over an old one", async () => {
    const [one, name] = [await client(), newName()];
    const { version } = await one.operate(name, act("forced_open", "old backup", 60_000));
    await one.restore(name, { state: "reset", version: version + 1, by: "me" });
    expect(await operatorOf(one, name)).toMatchObject({ state: "reset", version: version + 1 });
  });

  it("shows who lives and who is open, to everybody", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    await one.beat([beat(name, "a", 0)], LONG_MS);
    await other.beat([beat(name, "b", 20_000)], LONG_MS);
    const instances = await instancesOf(one, name);
    expect(instances.map(({ instance }) => instance)).toEqual(["a", "b"]);
    expect(instances[0]?.openMs).toBe(0);
    expect(instances[1]?.openMs).toBeGreaterThan(10_000);
    expect(instances[1]?.openMs).toBeLessThanOrEqual(20_000);
  });

  it("takes open back with the next sign of life", async () => {
    const [one, name] = [await client(), newName()];
    await one.beat([beat(name, "a", 20_000)], LONG_MS);
    await one.beat([beat(name, "a", 0)], LONG_MS);
    expect(await instancesOf(one, name)).toEqual([{ instance: "a", openMs: 0 }]);
  });

  it("forgets who has given no sign of life for its time", async () => {
    const [one, name] = [await client(), newName()];
    await one.beat([beat(name, "a", 20_000)], 100);
    await one.beat([beat(name, "b", 0)], LONG_MS);
    await until(async () => (await instancesOf(one, name)).length === 1);
    expect(await instancesOf(one, name)).toEqual([{ instance: "b", openMs: 0 }]);
  });

  it("takes out who leaves, and nobody else", async () => {
    const [one, name, another] = [await client(), newName(), newName()];
    await one.beat([beat(name, "a", 1_000), beat(name, "b", 0), beat(another, "a", 0)], LONG_MS);
    await one.leave([{ name, instance: "a" }]);
    expect(await instancesOf(one, name)).toEqual([{ instance: "b", openMs: 0 }]);
    expect(await instancesOf(one, another)).toHaveLength(1);
  });

  it("takes nothing and nobody without complaint", async () => {
    const one = await client();
    await one.beat([], LONG_MS);
    await one.leave([]);
    expect(await one.read([])).toEqual(new Map());
  });

  it("keeps names apart that look alike, and reads many at once", async () => {
    const one = await client();
    const id = newName();
    const odd = [
      "",
      ":open",
      ":instances",
      "}",
      "{a}:open",
      "'; DROP TABLE x; --",
      "%",
      "*",
      "\n",
      "ü 😀",
      "é",
      "e\u0301",
    ];
    const names = odd.map((end) => `${id}${end}`.slice(0, 128));
    for (const name of names) await one.operate(name, act("forced_open", name));
    await one.beat(
      names.map((name) => beat(name, name, 0)),
      LONG_MS,
    );
    const found = await one.read(names);
    expect([...found.keys()]).toEqual(names);
    for (const name of names) {
      expect(found.get(name)?.operator?.by).toBe(name);
      expect(found.get(name)?.instances).toEqual([{ instance: name, openMs: 0 }]);
    }
  });

  it("tells others of what an operator did, and of who opens", async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    await one.beat([beat(name, "a", 0)], LONG_MS);
    const heard = await hearing(other);
    await one.operate(name, act("forced_open", "me"));
    await heard.next();
    await one.beat([{ ...beat(name, "a", 1_000), changed: true }], LONG_MS);
    await heard.next();
  });

  unless("names what changed")(`says under which name it was${reason("names what changed")}`, async () => {
    const [one, other, name] = [await client(), await client(), newName()];
    const heard = await hearing(other);
    await one.operate(name, act("forced_open", "me"));
    expect(await heard.next()).toBe(name);
  });

  it("hears nothing any more once it is closed", async () => {
    const [one, closed, other, name] = [await client(), await client(), await client(), newName()];
    const heard = await hearing(closed);
    const heardByOther = await hearing(other);
    await one.operate(name, act("forced_open", "me"));
    await heard.next();
    await heardByOther.next();
    await closed.close();
    heard.forget();
    await one.operate(name, act("reset", "me"));
    await heardByOther.next();
    // The time in which SQLite would have been asked.
    await wait(300);
    expect(heard.count).toBe(0);
  });

  it("may be closed twice, and while it listens", async () => {
    const one = await client();
    await hearing(one);
    await one.close();
    await one.close();
  });
}

function newName(): string {
  return `breaker ${randomUUID()}`;
}

function act(state: OperatorState, by: string, ageMs = 0, seen = 0): OperatorAction {
  return { state, ageMs: () => ageMs, by, seen };
}

function beat(name: string, instance: string, openMs: number) {
  return { name, instance, openMs, changed: false };
}

async function operatorOf(driver: BreakerDriver, name: string): Promise<OperatorRecord | undefined> {
  return (await driver.read([name])).get(name)?.operator;
}

async function instancesOf(driver: BreakerDriver, name: string) {
  return (await driver.read([name])).get(name)?.instances ?? [];
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("it did not come within 10 s");
    await wait(20);
  }
}

interface Heard {
  next(): Promise<string | undefined>;
  forget(): void;
  readonly count: number;
}

/** What a client hears; `next` waits for the next that it is told, or has been told and not asked for. */
async function hearing(driver: BreakerDriver): Promise<Heard> {
  const told: (string | undefined)[] = [];
  let wake = () => {};
  const hear = (name: string | undefined) => {
    told.push(name);
    wake();
  };
  const ear: Hearing = { changed: hear, missed: () => hear(undefined) };
  await driver.listen(ear);
  // Some begin to listen with their first use, or with their first look.
  await driver.read(["nobody"]);
  const next = async () => {
    const deadline = AbortSignal.timeout(10_000);
    while (told.length === 0) {
      deadline.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        wake = resolve;
        deadline.addEventListener("abort", () => reject(deadline.reason), { once: true });
      });
    }
    return told.splice(0).at(-1);
  };
  return {
    next,
    forget: () => void told.splice(0),
    get count() {
      return told.length;
    },
  };
}
