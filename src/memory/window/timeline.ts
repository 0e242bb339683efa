import type { ChatMessage, MessageFacts } from "./chat-message.ts";

/** One message of the window. */
export interface Entry<M> {
  readonly message: M;
  /** Rises with each message that was ever added. */
  readonly seq: number;
  readonly tokens: number;
  readonly facts: MessageFacts;
  readonly pinned: boolean;
}

/** Messages that stay or leave together: a tool call with all its results; else one message. */
export interface Group<M> {
  /** `opener`: what the user said, with which an exchange begins. */
  readonly kind: "system" | "opener" | "turn";
  readonly entries: readonly Entry<M>[];
  readonly tokens: number;
  readonly isPinned: boolean;
  /** Number of its exchange: what the user said, and all up to the next time. Rises. */
  readonly exchange: number;
  /** Calls whose results have not come. Only of the last group of all. */
  readonly awaiting: readonly string[];
}

/** The messages of a window, in groups. Whatever no provider would take is not in it. */
export class Timeline<M extends ChatMessage> {
  #groups: Group<M>[] = [];
  #exchange = 0;
  /** Whether the user has said nothing yet. */
  #isHeadless = true;
  #tokens = 0;
  #messages = 0;

  copy(): Timeline<M> {
    const copy = new Timeline<M>();
    copy.#groups = [...this.#groups];
    copy.#exchange = this.#exchange;
    copy.#isHeadless = this.#isHeadless;
    copy.#tokens = this.#tokens;
    copy.#messages = this.#messages;
    return copy;
  }

  get groups(): readonly Group<M>[] {
    return this.#groups;
  }

  get tokens(): number {
    return this.#tokens;
  }

  get messages(): number {
    return this.#messages;
  }

  /**
   * @param needsOpener Whether the first message must be the user's, as Anthropic has it.
   * @returns What no provider would take now, and is left out: a result without its call, a call that the conversation has left behind.
   */
  append(entry: Entry<M>, needsOpener: boolean): readonly Entry<M>[] {
    const { part, calls, isSound } = entry.facts;
    if (part === "result") return this.#appendResult(entry);
    const left = this.#leaveOpenCall();
    if (part === "user") {
      this.#exchange += 1;
      this.#isHeadless = false;
    }
    if (!isSound || (part === "assistant" && needsOpener && this.#isHeadless)) return [...left, entry];
    const kind = part === "user" ? "opener" : part === "system" ? "system" : "turn";
    this.#groups.push(groupOf({ kind, entries: [entry], exchange: this.#exchange, awaiting: calls }));
    this.#count(entry);
    return left;
  }

  remove(gone: ReadonlySet<Group<M>>): void {
    if (gone.size === 0) return;
    this.#groups = this.#groups.filter((group) => !gone.has(group));
    for (const { tokens, entries } of gone) {
      this.#tokens -= tokens;
      this.#messages -= entries.length;
    }
  }

  /** Once it shows that the first message must be the user's. */
  leaveHeadless(): readonly Entry<M>[] {
    const first = this.#groups.findIndex(({ kind }) => kind === "opener");
    const gone = this.#groups.slice(0, first < 0 ? undefined : first).filter(({ kind }) => kind === "turn");
    this.remove(new Set(gone));
    return gone.flatMap(({ entries }) => entries);
  }

  /** What comes next belongs to no exchange until the user says something. */
  beginAnew(): void {
    this.#exchange += 1;
    this.#isHeadless = true;
  }

  /** @returns Whether the message is there. */
  pin(message: M, pinned: boolean): boolean {
    const isIt = (entry: Entry<M>): boolean => entry.message === message;
    if (!this.#groups.some(({ entries }) => entries.some(isIt))) return false;
    this.#groups = this.#groups.map((group) =>
      group.entries.some(isIt)
        ? groupOf({
            ...group,
            entries: group.entries.map((entry) => (isIt(entry) ? { ...entry, pinned } : entry)),
          })
        : group,
    );
    return true;
  }

  #appendResult(entry: Entry<M>): readonly Entry<M>[] {
    const { results, isMixed, isSound } = entry.facts;
    const call = this.#groups.at(-1);
    if (call === undefined || !isSound || !results.every((id) => call.awaiting.includes(id))) return [entry];
    const awaiting = call.awaiting.filter((id) => !results.includes(id));
    this.#groups.pop();
    this.#groups.push(groupOf({ ...call, entries: [...call.entries, entry], awaiting }));
    this.#count(entry);
    // The results that are still to come would stand after something else.
    return isMixed ? this.#leaveOpenCall() : [];
  }

  #leaveOpenCall(): readonly Entry<M>[] {
    const last = this.#groups.at(-1);
    if (last === undefined || last.awaiting.length === 0) return [];
    this.remove(new Set([last]));
    return last.entries;
  }

  #count({ tokens }: Entry<M>): void {
    this.#tokens += tokens;
    this.#messages += 1;
  }
}

function groupOf<M>(group: Omit<Group<M>, "tokens" | "isPinned">): Group<M> {
  const { kind, entries, exchange, awaiting } = group;
  const tokens = entries.reduce((sum, entry) => sum + entry.tokens, 0);
  return { kind, entries, tokens, isPinned: entries.some(({ pinned }) => pinned), exchange, awaiting };
}
