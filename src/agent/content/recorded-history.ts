import type { Scope } from "../scope.ts";
import type { ContentMessage } from "./message.ts";
import { addDigest, messageDigest } from "./message-digest.ts";

/** Digests of one conversation or agent call: the beginnings of this many messages are known again. */
const MAX_KNOWN = 512;
/** Conversations that are remembered, those used last. */
const MAX_CONVERSATIONS = 256;

/** A digest of the first message, of the first two, and so on. */
export type Chain = readonly number[];

/**
 * Digests of the histories as they begin: a number for each message stands for it and all before it. So a history that was edited
 * differs from the first edit on. A message that cannot be read ends the chain, as nobody knows whether it is the same.
 */
export function chainOf(messages: readonly ContentMessage[]): Chain {
  const chain: number[] = [];
  let before = 0;
  for (const message of messages) {
    const digest = messageDigest(message);
    if (digest === undefined) break;
    before = addDigest(before, digest);
    chain.push(before);
  }
  return chain;
}

/** Which beginnings of histories were recorded. Keeps numbers, no text, and only so many. */
export class RecordedHistory {
  readonly #known = new Set<number>();

  /** @returns How many of the first messages were recorded with calls before. */
  known(chain: Chain): number {
    let count = chain.length;
    while (count > 0 && !this.#known.has(chain[count - 1]!)) count -= 1;
    return count;
  }

  add(chain: Chain): void {
    for (const digest of chain.slice(-MAX_KNOWN)) {
      // Deleted first, so that what was used last goes last.
      this.#known.delete(digest);
      this.#known.add(digest);
    }
    for (const oldest of this.#known) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
  }
}

/** Apart, since a span may not be sampled while its event is recorded. */
export interface Histories {
  readonly span: RecordedHistory;
  readonly event: RecordedHistory;
}

/** Finds what was recorded before by whom a reader finds as well. */
export class ContentHistory {
  readonly #ofConversations = new Map<string, Histories>();
  readonly #ofCalls = new WeakMap<object, Histories>();

  /**
   * Earlier calls of the same agent in the same conversation, or without a conversation in the same call of the agent. A model
   * call outside of both has no history, and is recorded whole.
   */
  of(scope: Scope | undefined): Histories {
    if (scope === undefined) return noHistories();
    if (scope.conversation !== undefined)
      return this.#ofConversation(JSON.stringify([scope.conversation, scope.agent]));
    // The tally is what all scopes inside of one agent call share; outside of an agent each model call has its own.
    const known = this.#ofCalls.get(scope.own) ?? noHistories();
    this.#ofCalls.set(scope.own, known);
    return known;
  }

  #ofConversation(key: string): Histories {
    const known = this.#ofConversations.get(key) ?? noHistories();
    this.#ofConversations.delete(key);
    this.#ofConversations.set(key, known);
    for (const oldest of this.#ofConversations.keys()) {
      if (this.#ofConversations.size <= MAX_CONVERSATIONS) break;
      this.#ofConversations.delete(oldest);
    }
    return known;
  }
}

function noHistories(): Histories {
  return { span: new RecordedHistory(), event: new RecordedHistory() };
}

/** The process-wide memory. */
export const contentHistory = new ContentHistory();
