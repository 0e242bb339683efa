import { isAgentError } from "../../errors/agent-error.ts";
import { BadCursorError } from "../../errors/bad-cursor-error.ts";
import { DeadLetterResolvedError } from "../../errors/dead-letter-resolved-error.ts";
import { keyHash } from "../../internal/check-key.ts";
import { redactMessage } from "../../internal/redact.ts";
import { errorMessage } from "../../telemetry/error-type.ts";
import type { DeadLetter, DeadLetterQueue, ReplayHandler } from "../../work/dead-letter-queue.ts";
import type { DeadLetterRow } from "../api/agents.ts";
import type { LetterQuery, LetterSource } from "../sources/sources.ts";

/** A queue of this process, and what does its tasks again. */
export interface ServedQueue {
  readonly queue: DeadLetterQueue;
  /** Left out: a replay is asked for, and whoever runs `serveReplays` on the queue does it. */
  readonly handler?: ReplayHandler;
}

const MOST_OF_A_QUEUE = 10_000;
const CURSOR = /^(\d{1,16})\.([0-9a-f]{64})$/;

/** @throws TypeError where two queues have the same name. */
export function letterSource(served: readonly ServedQueue[]): LetterSource {
  const queues = new Map(served.map((each) => [each.queue.name, each]));
  if (queues.size < served.length)
    throw new TypeError("agentsRouter: deadLetters must be queues of different names");
  return {
    list: async (query) => {
      const asked = query.queue === undefined ? [...queues.values()] : [queues.get(query.queue)];
      const all = await Promise.all(asked.map(async (each) => lettersOf(each, query)));
      return pageOf(all.flat().sort(newestFirst), query);
    },
    replay: async (name, id) => {
      const known = queues.get(name);
      if (known === undefined) return undefined;
      return orMissing(() => replayed(known, id));
    },
    resolve: async (name, id, resolution) => orMissing(() => queues.get(name)?.queue.resolve(id, resolution)),
  };
}

async function replayed({ queue, handler }: ServedQueue, id: string) {
  if (handler === undefined) {
    if (!(await queue.requestReplay(id)))
      throw new DeadLetterResolvedError(queue.name, id, (await queue.get(id))?.resolution ?? "");
    return { outcome: "requested", error: null } as const;
  }
  const result = await queue.replay(id, handler);
  if (result.ok) return { outcome: "succeeded", error: null } as const;
  return { outcome: "failed", error: redactMessage(errorMessage(result.error) ?? "") } as const;
}

async function orMissing<T>(work: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isAgentError(error) && error.code === "unknown_dead_letter") return undefined;
    throw error;
  }
}

async function lettersOf(served: ServedQueue | undefined, query: LetterQuery): Promise<DeadLetter[]> {
  if (served === undefined) return [];
  const { taskType, resolved } = query;
  const options = { resolved, limit: MOST_OF_A_QUEUE, ...(taskType !== undefined && { taskType }) };
  return [...(await served.queue.list(options))];
}

/** Of one moment by their place, so that a page begins where the one before ended, also where letters were resolved meanwhile. */
function newestFirst(a: DeadLetter, b: DeadLetter): number {
  const difference = b.lastAttemptAt.getTime() - a.lastAttemptAt.getTime();
  if (difference !== 0) return difference;
  return placeOf(a) < placeOf(b) ? -1 : 1;
}

/** As short as a cursor must be. */
function placeOf({ queue, id }: DeadLetter): string {
  return keyHash(JSON.stringify([queue, id]));
}

function pageOf(letters: readonly DeadLetter[], { limit, cursor }: LetterQuery) {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const rest = after === undefined ? letters : letters.filter((letter) => isAfter(letter, after));
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next = last !== undefined && rest.length > limit ? cursorOf(last) : undefined;
  return { items: items.map(rowOf), next };
}

interface Place {
  readonly ms: number;
  readonly place: string;
}

function isAfter(letter: DeadLetter, { ms, place }: Place): boolean {
  const itsMs = letter.lastAttemptAt.getTime();
  return itsMs === ms ? placeOf(letter) > place : itsMs < ms;
}

function cursorOf(letter: DeadLetter): string {
  return `${letter.lastAttemptAt.getTime()}.${placeOf(letter)}`;
}

function readCursor(cursor: string): Place {
  const [, ms, place] = CURSOR.exec(cursor) ?? [];
  if (ms === undefined || place === undefined) throw new BadCursorError();
  return { ms: Number(ms), place };
}

function rowOf(letter: DeadLetter): DeadLetterRow {
  const { type, message } = letter.error;
  return {
    id: letter.id,
    queue: letter.queue,
    task_type: letter.taskType,
    reason: letter.reason,
    error: message === "" ? type : `${type}: ${message}`,
    attempts: letter.attempts,
    replays: letter.replays,
    first_failed: letter.firstAttemptAt.toISOString(),
    last_failed: letter.lastAttemptAt.toISOString(),
    resolved: letter.resolved,
    resolution: letter.resolution ?? null,
    trace_id: letter.trace?.traceId ?? null,
    replay_requested: letter.replayRequestedAt !== undefined,
  };
}
