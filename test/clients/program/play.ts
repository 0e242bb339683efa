// Runs inside the program under test: plays every case in turn and prints what the caller and the server saw of each.
import { setTimeout } from "node:timers/promises";
import { type Case, casesOf } from "./cases.ts";
import type { AskOptions, Scene } from "./scene.ts";
import { type Server, startServer } from "./server.ts";
import { viewOf } from "./view.ts";

export interface Outcome {
  readonly id: string;
  /** What the caller saw, in its order. */
  readonly seen: readonly string[];
  /** What was sent, without the usage option of streams. */
  readonly requests: readonly object[];
  readonly cancelled: boolean;
  readonly unhandled: number;
  /** When the case was over, before any garbage was collected: milliseconds since the epoch. */
  readonly overMs: number;
  /** Whether what the caller dropped has become garbage. */
  readonly collected: boolean;
}

/** How long one case may take. */
const CASE_MS = 5_000;

/** How long the server waits for a request to be cancelled that should be, and for one that perhaps is. */
const CANCEL_MS = { sure: 2_000, perhaps: 150 };

type Client = new (options: object) => unknown;

export async function play(packageName: string, exports: Record<string, unknown>): Promise<void> {
  const Client = (exports["OpenAI"] ?? exports["Anthropic"]) as Client;
  const unhandled: unknown[] = [];
  process.on("unhandledRejection", (reason) => unhandled.push(reason));
  const server = await startServer();
  const outcomes: (Omit<Outcome, "collected"> & { dropped: readonly WeakRef<object>[] })[] = [];
  for (const one of casesOf(packageName)) {
    const before = unhandled.length;
    const { seen, dropped } = await playOne(one, Client, server);
    const cancelled = await settle(server, one);
    outcomes.push({
      id: one.id,
      seen,
      requests: server.of(one.id).map(({ request }) => request),
      cancelled,
      unhandled: unhandled.length - before,
      overMs: Date.now(),
      dropped,
    });
  }
  await collectGarbage(() =>
    outcomes.every(({ dropped }) => dropped.every((ref) => ref.deref() === undefined)),
  );
  await server.close();
  const result = outcomes.map(
    ({ dropped, ...rest }): Outcome => ({
      ...rest,
      collected: dropped.every((ref) => ref.deref() === undefined),
    }),
  );
  process.stdout.write(JSON.stringify(result));
}

async function playOne(
  { id, api, mode, way }: Case,
  Client: Client,
  server: Server,
): Promise<{ readonly seen: readonly string[]; readonly dropped: readonly WeakRef<object>[] }> {
  const seen: string[] = [];
  const dropped: WeakRef<object>[] = [];
  const responded = Promise.withResolvers<void>();
  const root = `${server.url}/${way.server}`;
  const client = new Client({
    apiKey: "sk-test",
    baseURL: api.name.endsWith("messages") ? root : `${root}/v1`,
    maxRetries: 0,
    fetch: async (...args: Parameters<typeof fetch>) => {
      const response = await fetch(...args);
      responded.resolve();
      return response;
    },
  });
  const see = (value: unknown): void => void seen.push(viewOf(value, server.url));
  const create = ({ signal, body }: AskOptions = {}) =>
    api.create(
      client,
      { model: id, ...(mode === "stream" ? { stream: true } : {}), ...body },
      signal === undefined ? undefined : { signal },
    );
  const scene: Scene = {
    create,
    stream: create,
    parse: () => api.parse(client, { model: id }),
    helper: () => api.helper(client, { model: id }),
    final: (runner) => api.final(runner),
    see,
    drop: (value) => void dropped.push(new WeakRef(value)),
    reached: server.reached(id),
    responded: responded.promise,
    release: () => server.of(id).forEach(({ release }) => void release()),
  };
  const late = new AbortController();
  await Promise.race([
    way.play(scene).catch((error: unknown) => see(error)),
    setTimeout(CASE_MS, undefined, { signal: late.signal }).then(
      () => see("took too long"),
      () => undefined,
    ),
  ]);
  late.abort();
  return { seen, dropped };
}

/** Waits until the server is done with a case, and makes it so where the client has not gone away. */
async function settle(server: Server, { id, expected }: Case): Promise<boolean> {
  await server.reached(id);
  const exchanges = server.of(id);
  const closed = Promise.all(exchanges.map((exchange) => exchange.closed));
  const late = new AbortController();
  const ms = expected.cancelled === true ? CANCEL_MS.sure : CANCEL_MS.perhaps;
  await Promise.race([closed, patience(ms, late.signal)]);
  late.abort();
  const cancelled = exchanges.some((exchange) => exchange.cancelled);
  for (const exchange of exchanges) exchange.release();
  await closed;
  return cancelled;
}

/** On a busy machine the time may be over before the process has had its turns. */
async function patience(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
  for (let turn = 0; turn < 20 && !signal.aborted; turn += 1) await setTimeout(1);
}

/** Finalizers run some turns of the event loop after the garbage they wait for. */
async function collectGarbage(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100 && !done(); turn += 1) {
    // Whoever looks at a weak reference holds what it refers to until the turn is over.
    await setTimeout(5);
    globalThis.gc?.();
  }
  for (let turn = 0; turn < 5; turn += 1) {
    await setTimeout(5);
    globalThis.gc?.();
  }
}
