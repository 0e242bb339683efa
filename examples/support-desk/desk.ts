// Six agents that answer tickets. One knows documents through a model that is overloaded for a while, so it stands behind a breaker with a
// fallback; what cannot be answered becomes a dead letter.
import {
  agent,
  circuitBreaker,
  type DeadLetterQueue,
  degradedFallback,
  handoff,
  type Ledger,
  logContext,
  type SharedState,
  type Store,
  tool,
  workflow,
} from "agent-otel";
import { emitLog } from "./log.ts";
import type { Models } from "./models.ts";
import type { Tally } from "./tally.ts";

export interface Ticket {
  readonly id: number;
  readonly kind: "billing" | "technical";
  /** The customer database has lost this one's record. */
  readonly lost: boolean;
  /** Its question has no answer, and the agent searches again and again. */
  readonly confusing: boolean;
}

export interface DeskParts {
  readonly models: Models;
  readonly tally: Tally;
  readonly store: Store;
  readonly ledger: Ledger;
  readonly letters: DeadLetterQueue;
  readonly notes: SharedState;
}

/** How long an agent may take; its model calls are given up then. */
const timeoutMs = 20_000;

/** @returns Answers one ticket. */
export function openDesk({ models, tally, store, ledger, letters, notes }: DeskParts) {
  const counted = <A extends unknown[], R>(name: string, fn: (...args: A) => R) => {
    return (...args: A): R => {
      tally.agent(name);
      return fn(...args);
    };
  };
  const countedTool = <A extends unknown[], R>(name: string, fn: (...args: A) => R) => {
    return tool(name, (...args: A): R => {
      tally.tool(name);
      return fn(...args);
    });
  };

  const lookUpInvoice = countedTool("look_up_invoice", async ({ id, lost }: Ticket) => {
    if (lost) throw new Error(`there is no invoice for ticket ${id}`);
    return `invoice ${1_000 + id}`;
  });
  const searchDocs = countedTool("search_docs", async (question: string) => `two pages about ${question}`);

  const triage = agent(
    "triage",
    counted("triage", (ticket: Ticket) => models.ask("gpt-4o-mini", `sort ticket ${ticket.id}`)),
    { timeoutMs },
  );
  const billing = agent(
    "billing",
    counted("billing", async (ticket: Ticket) => {
      const invoice = await lookUpInvoice(ticket);
      return models.ask("gpt-4o-mini", `explain ${invoice}`);
    }),
    { tools: ["look_up_invoice"], timeoutMs },
  );
  const technical = agent(
    "technical",
    counted("technical", async (ticket: Ticket) => {
      const question = `question ${ticket.id}`;
      for (let i = 0; i < (ticket.confusing ? 4 : 1); i++) await searchDocs(question);
      return models.ask("claude-sonnet-4-6", question);
    }),
    { tools: ["search_docs"], timeoutMs },
  );
  const standIn = agent(
    "technical_basic",
    counted("technical_basic", (ticket: Ticket) => models.ask("gpt-4o-mini", `question ${ticket.id}`)),
    { timeoutMs },
  );
  const writer = agent(
    "writer",
    counted("writer", (facts: string) => models.ask("gpt-4o", `write an answer from: ${facts}`)),
    { timeoutMs },
  );
  const reviewer = agent(
    "reviewer",
    counted("reviewer", (draft: string) => models.ask("gpt-4o-mini", `check: ${draft}`)),
    { verifies: ["writer"], timeoutMs },
  );

  const breaker = circuitBreaker({
    name: "technical",
    failureThreshold: 3,
    recoveryTimeoutMs: 60_000,
    store,
    ledger,
  }).onFailure(degradedFallback(standIn, { confidence: 0.6 }));
  const safeTechnical = breaker.around(technical);

  const answerTicket = workflow(
    "ticket",
    async (ticket: Ticket) => {
      await triage(ticket);
      const facts = await handoff(ticket.kind === "billing" ? billing : safeTechnical)(ticket);
      const draft = await writer(facts);
      await reviewer(draft);
      await notes.write(`ticket ${ticket.id % 5}`, { state: "answered" }, { agent: "writer" });
      emitLog("ticket answered", { "ticket.kind": ticket.kind });
      return draft;
    },
    { requires: ["triage", "writer", "reviewer"] },
  );

  return async (ticket: Ticket): Promise<void> => {
    tally.requests += 1;
    try {
      await answerTicket(ticket);
    } catch (error) {
      tally.failedRequests += 1;
      tally.deadLetters += 1;
      emitLog(`ticket ${ticket.id} was given up`, { ...logContext() }, "WARN");
      await letters.add({
        key: `ticket ${ticket.id}`,
        taskType: ticket.kind,
        attempts: 1,
        payload: { ...ticket },
        error,
      });
    }
  };
}
