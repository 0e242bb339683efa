// A support desk on a bad day: 60 tickets, an overloaded model, lost records, a question that makes an agent go in circles.
// Run it with `node --import agent-otel/register main.ts`; it writes its own books to the file that DEMO_BOOKS names.
import {
  costGuard,
  deadLetterQueue,
  failureModes,
  sharedState,
  sqliteLedger,
  sqliteStore,
  windowMemory,
} from "agent-otel";
import { openDesk, type Ticket } from "./desk.ts";
import { openModels } from "./models.ts";
import { Tally } from "./tally.ts";

const TICKETS = Number(process.env["DEMO_TICKETS"] || 60);
/** Tickets at once. */
const DESKS = 4;

const tally = new Tally();
const store = sqliteStore();
const ledger = sqliteLedger();
const letters = deadLetterQueue({ name: "support-desk", store });
failureModes();

let answered = 0;
await using models = await openModels(tally, () => answered > TICKETS * 0.4 && answered < TICKETS * 0.8);
const notes = sharedState({ name: "tickets", store });
const chat = windowMemory({ name: "desk", maxTokens: 2_000 });
const budget = costGuard({ name: "support-desk", perRequestUsd: 0.05, hourlyUsd: 1, dailyUsd: 5, store });
const answer = budget.around(openDesk({ models, tally, store, ledger, letters, notes }));

const tickets = Array.from({ length: TICKETS }, (_, id): Ticket => {
  return { id, kind: id % 3 === 0 ? "billing" : "technical", lost: id % 15 === 6, confusing: id === 11 };
});
await Promise.all(
  Array.from({ length: DESKS }, async () => {
    for (let ticket = tickets.shift(); ticket !== undefined; ticket = tickets.shift()) {
      chat.add({ role: "user", content: `ticket ${ticket.id}` });
      await answer(ticket);
      answered += 1;
    }
  }),
);

tally.write(process.env["DEMO_BOOKS"]);
const { requests, modelCalls, tokens, costUsd, deadLetters } = tally.books();
console.log(
  `${requests} tickets, ${modelCalls} model calls, ${tokens.toLocaleString("en")} tokens, $${costUsd.toFixed(4)}, ${deadLetters} given up.`,
);

// With DEMO_STAY the desk stays open, and does again what is asked for on the page: its breaker is closed there, its dead letters replayed.
const replays = letters.serveReplays(async (payload) => {
  await answer({ ...(payload as Ticket), lost: false });
});
if (process.env["DEMO_STAY"]) {
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once("end", resolve));
}
await replays.close();
await ledger.close();
await store.close();
