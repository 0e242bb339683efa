import type { ChatRecorder } from "../../../src/agent/chat.ts";
import type { Handed } from "./host-work.ts";

function fail(): never {
  throw new Error("hands off");
}

/** Every look at it throws. */
const PROXY = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });

function cycle(): object {
  const one: Record<string, unknown> = {};
  one["self"] = [one];
  return one;
}

/** As attributes: none of it is a value that a span can have. */
function hostileAttributes(): Record<string, unknown> {
  return {
    proxy: PROXY,
    cycle: cycle(),
    bigint: 10n ** 30n,
    symbol: Symbol("s"),
    function: fail,
    json: { toJSON: fail },
    text: { toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail },
    list: [PROXY, 1n, "a", cycle()],
    holes: Array.from({ length: 3 }),
    none: Object.create(null),
    date: new Date(Number.NaN),
    long: "x".repeat(100_000),
    "": "no name",
    __proto__: { polluted: true },
    lone: "\ud800",
  };
}

/** A field whose reading throws. JSON leaves it out: it is not enumerable. */
function withThrowingGetters<T extends object>(target: T, names: readonly string[]): T {
  for (const name of names) Object.defineProperty(target, name, { get: fail, enumerable: false });
  return target;
}

function recordHostile(recorder: ChatRecorder): void {
  recorder.response(withThrowingGetters({}, ["id", "model", "finishReasons", "costUsd"]));
  recorder.response({ id: PROXY, model: 1n, finishReasons: cycle(), costUsd: Number.NaN } as object);
  recorder.input([{ role: "user", content: PROXY }] as unknown as string);
  recorder.output(PROXY as unknown as string);
}

/** Values that throw when they are looked at, in all places where a program hands us some. */
export function hostileValues(): Handed {
  return {
    agentOptions: {
      attributes: hostileAttributes(),
      description: cycle(),
      version: PROXY,
      tools: [PROXY, 1n],
      capture: true,
    },
    chatOptions: {
      attributes: hostileAttributes(),
      maxTokens: 1n,
      temperature: PROXY,
      stream: { toString: fail },
    },
    requestFields: () => withThrowingGetters({}, ["temperature", "max_tokens", "tools", "seed", "top_p"]),
    answerFields: { usage: { prompt_tokens: -1, completion_tokens: {} }, model: [{}], id: 17 },
  };
}

/** The same for what a model call records. */
export function hostileRecords(): Handed {
  return { record: recordHostile };
}

/** Objects of attributes whose own fields cannot be read. */
export function unreadableAttributes(): Handed {
  const throwing = {
    get broken(): string {
      return fail();
    },
    fine: "yes",
  };
  return { agentOptions: { attributes: throwing }, chatOptions: { attributes: throwing } };
}
