import { join } from "node:path";
import { keyHash } from "../../internal/check-key.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { wait } from "../../internal/late-files.ts";
import type {
  ClaimLetter,
  DeadLetterStore,
  LetterClaim,
  LetterDepth,
  LetterOutcome,
  LetterQuery,
  LetterRecord,
  LetterResolution,
  LetterSummary,
  NewLetter,
  ReplayRequest,
} from "../letters/dead-letter-store.ts";
import {
  afterClaim,
  afterOutcome,
  awaitsReplay,
  refusedClaim,
  refusedResolution,
} from "../letters/letter-state.ts";
import { AskedLetters } from "./asked-letters.ts";
import { replaceFile } from "./folder-files.ts";
import { namesIn } from "./folders.ts";
import { BODY, HEAD, LetterFolders } from "./letter-folders.ts";
import { compare, depthOf, listed, summaryOf } from "./letter-lists.ts";
import { bodyText, headText, type LetterHead } from "./letter-text.ts";
import { Turns } from "./turns.ts";

/** How often a letter is looked at that others change all the time. */
const LOOKS = 24;
/** Between two looks at most, longer each time: those who take a folder from each other all begin anew. */
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 200;

/**
 * Dead letters as folders of two files, for the processes of one machine. What asks for all letters reads a small file of each, so this is for
 * some thousand letters. `maxUnresolved` is kept to within what several processes add at the same moment.
 *
 * @param root Absolute; made on the first write.
 */
export function fileLetters(root: string, clock: Clock = systemClock): DeadLetterStore {
  return new FileLetters(root, clock);
}

class FileLetters implements DeadLetterStore {
  readonly #root: string;
  readonly #clock: Clock;
  /** Of this process one adds at a time, so that the bound is one; and one changes a letter. */
  readonly #turns = new Turns();

  constructor(root: string, clock: Clock) {
    this.#root = root;
    this.#clock = clock;
  }

  add(letter: NewLetter, maxUnresolved: number): Promise<"added" | "there" | "full"> {
    return this.#turns.take(letter.queue, () => this.#add(letter, maxUnresolved));
  }

  async get(queue: string, id: string): Promise<LetterRecord | undefined> {
    const folders = this.#of(queue);
    const found = await folders.find(id);
    return found && folders.whole(found);
  }

  async list(query: LetterQuery): Promise<readonly LetterRecord[]> {
    const folders = this.#of(query.queue);
    const found = listed(await folders.all(), query);
    const letters: LetterRecord[] = [];
    for (const each of found) {
      if (letters.length >= query.limit) break;
      const letter = await folders.unlessDamaged(() => folders.whole(each));
      if (letter !== undefined) letters.push(letter);
    }
    return letters;
  }

  async claim(request: ClaimLetter): Promise<LetterClaim> {
    const { queue, id } = request;
    // What cannot be read is not taken.
    const body = await this.get(queue, id);
    if (body === undefined) return { kind: "missing" };
    const claim = await this.#change<LetterClaim>(queue, id, (head, nowMs) => {
      const refusal = refusedClaim({ ...body, ...head }, request, nowMs);
      if (refusal !== undefined) return { answer: refusal };
      const claimed = afterClaim(head, request, nowMs);
      return { answer: { kind: "claimed", letter: { ...body, ...claimed } }, head: claimed };
    });
    return claim ?? { kind: "missing" };
  }

  async renew(queue: string, id: string, claim: string, leaseMs: number): Promise<boolean> {
    const renewed = await this.#change(queue, id, (head, nowMs) =>
      isHeldBy(head, claim)
        ? { answer: true, head: { ...head, claimUntilMs: nowMs + leaseMs } }
        : { answer: false },
    );
    return renewed ?? false;
  }

  async settle(queue: string, id: string, claim: string, outcome: LetterOutcome): Promise<boolean> {
    const settled = await this.#change(queue, id, (head, nowMs) =>
      isHeldBy(head, claim)
        ? { answer: true, head: afterOutcome(head, outcome, nowMs) }
        : { answer: head.claim === claim && head.claimUntilMs === 0 },
    );
    return settled ?? false;
  }

  async resolve(queue: string, id: string, resolution: string): Promise<LetterResolution> {
    const resolved = await this.#change<LetterResolution>(queue, id, (head, nowMs) => {
      const refusal = refusedResolution(head, nowMs);
      if (refusal !== undefined) return { answer: refusal };
      const free = { claim: undefined, claimUntilMs: 0, replayRequestedMs: 0 };
      return { answer: { kind: "resolved" }, head: { ...head, ...free, resolution, resolvedMs: nowMs } };
    });
    return resolved ?? { kind: "missing" };
  }

  async requestReplay(queue: string, id: string): Promise<ReplayRequest> {
    const found = await this.#of(queue).find(id);
    if (found === undefined) return "missing";
    if (found.head.resolvedMs > 0) return "resolved";
    const marks = this.#asked(queue);
    await marks.mark(keyHash(id));
    const answer = await this.#change<ReplayRequest>(queue, id, (head, nowMs) => {
      if (head.resolvedMs > 0) return { answer: "resolved" };
      if (head.replayRequestedMs > 0) return { answer: "asked" };
      return { answer: "asked", head: { ...head, replayRequestedMs: nowMs } };
    });
    // Somebody may have taken the first mark for one that was left over.
    if (answer === "asked") await marks.mark(keyHash(id));
    return answer ?? "missing";
  }

  async askedReplays(queue: string, limit: number): Promise<readonly string[]> {
    const [folders, marks] = [this.#of(queue), this.#asked(queue)];
    const found: LetterHead[] = [];
    for (const hash of await marks.list()) {
      const head = await folders.headAt(hash);
      if (head === undefined || head.replayRequestedMs === 0) await marks.unmark(hash);
      else if (awaitsReplay(head, this.#clock.now())) found.push(head);
    }
    return found
      .sort((a, b) => a.replayRequestedMs - b.replayRequestedMs || compare(a.id, b.id))
      .slice(0, limit)
      .map(({ id }) => id);
  }

  async dropRequest(queue: string, id: string): Promise<void> {
    await this.#change(queue, id, (head) =>
      head.replayRequestedMs > 0
        ? { answer: undefined, head: { ...head, replayRequestedMs: 0 } }
        : { answer: undefined },
    );
  }

  async purge(queue: string, olderThanMs: number): Promise<number> {
    const folders = this.#of(queue);
    const beforeMs = this.#clock.now() - olderThanMs;
    await folders.folders.clean(this.#clock.now());
    let removed = 0;
    for (const { folder, head } of await folders.all()) {
      if (head.resolvedMs === 0 || head.resolvedMs > beforeMs) continue;
      // What is resolved never changes again, so nobody else writes to it.
      if (await folders.folders.remove(folder)) removed += 1;
    }
    return removed;
  }

  async summary(queue: string): Promise<LetterSummary> {
    return summaryOf(await this.#of(queue).all());
  }

  async depth(queue: string): Promise<LetterDepth> {
    return depthOf(await this.#of(queue).all());
  }

  async queues(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const hash of await namesIn(this.#root)) {
      const name = await new LetterFolders(join(this.#root, hash), undefined).queueName();
      if (name !== undefined && keyHash(name) === hash) names.push(name);
    }
    return names.sort(compare);
  }

  #of(queue: string): LetterFolders {
    return new LetterFolders(join(this.#root, keyHash(queue)), queue);
  }

  #asked(queue: string): AskedLetters {
    return new AskedLetters(join(this.#root, keyHash(queue)));
  }

  async #add(letter: NewLetter, maxUnresolved: number): Promise<"added" | "there" | "full"> {
    const folders = this.#of(letter.queue);
    for (let look = 1; look <= LOOKS; look += 1) {
      if ((await folders.unlessDamaged(() => folders.find(letter.id))) !== undefined) return "there";
      if (await this.#isFull(folders, maxUnresolved)) return "full";
      const { payload, context, ...known } = letter;
      const head = {
        ...known,
        replays: 0,
        claim: undefined,
        claimUntilMs: 0,
        resolution: undefined,
        resolvedMs: 0,
        replayRequestedMs: 0,
      };
      const files = { [HEAD]: headText(head), [BODY]: bodyText({ payload, context }) };
      if ((await folders.folders.create(keyHash(letter.id), files)) !== undefined) return "added";
    }
    throw new Error(`there is something in the place of the dead letter "${letter.id}" that is none`);
  }

  async #isFull(folders: LetterFolders, maxUnresolved: number): Promise<boolean> {
    // Mostly there are fewer in all, which is quickly seen.
    if ((await folders.folders.list()).length < maxUnresolved) return false;
    return depthOf(await folders.all()).unresolved >= maxUnresolved;
  }

  /**
   * One atomic change: who takes the folder has it for himself, and what he then writes is lost where another one has taken it since.
   *
   * @returns `undefined`: there is no such letter.
   */
  async #change<T>(queue: string, id: string, decide: Decide<T>): Promise<T | undefined> {
    const folders = this.#of(queue);
    return this.#turns.take(`${queue}\0${id}`, async () => {
      for (let look = 0; look < LOOKS; look += 1) {
        if (look > 0) await wait(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** look));
        const changed = await this.#tryChange(folders, id, decide);
        if (changed !== "again") return changed?.answer;
      }
      throw new Error(`the dead letter "${id}" changes hands all the time`);
    });
  }

  async #tryChange<T>(
    folders: LetterFolders,
    id: string,
    decide: Decide<T>,
  ): Promise<Decision<T> | undefined | "again"> {
    const found = await folders.find(id);
    if (found === undefined) return undefined;
    const first = decide(found.head, this.#clock.now());
    if (first.head === undefined) return first;
    const taken = await folders.folders.take(found.folder);
    const head = taken && (await folders.head(taken, id));
    if (taken === undefined || head === undefined) return "again";
    // Another one may have changed it between the first look and now.
    const decision = decide(head, this.#clock.now());
    if (decision.head === undefined) return decision;
    return (await replaceFile(taken, HEAD, headText(decision.head))) ? decision : "again";
  }
}

/** What is said to the caller, and what becomes of the letter; without: it stays as it is. */
interface Decision<T> {
  readonly answer: T;
  readonly head?: LetterHead;
}

type Decide<T> = (head: LetterHead, nowMs: number) => Decision<T>;

function isHeldBy(head: LetterHead, claim: string): boolean {
  return head.claim === claim && head.claimUntilMs > 0 && head.resolvedMs === 0;
}
