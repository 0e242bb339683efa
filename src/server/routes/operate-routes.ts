import { z } from "@hono/zod-openapi";
import {
  breakerList,
  breakerReset,
  budgetList,
  deadLetter,
  ledgerRow,
  letterResolved,
  memoryList,
  replayAsked,
} from "../api/agents.ts";
import { page } from "../api/common.ts";
import { Refusal } from "../problem/refusal.ts";
import { shown } from "../problem/shown.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { flag, paging, text } from "./parameters.ts";
import { pageOf, type RouteContext, sourceOf } from "./route-context.ts";

const actor = text(128, "Who does it; stands in the ledger.").optional();
const queueAndId = z.object({
  queue: text(128, "The name of the queue."),
  id: text(4_096, "As the list has it."),
});
const NO_BREAKERS = "give agentsRouter sources that know them";
const NO_LETTERS = "give its sources the queues: inProcessSources({ deadLetters: [{ queue, handler }] })";

/** Breakers, budgets, memory, ledger and dead letters: what is now, and what an operator may do about it. */
export function operateRoutes({ sources }: RouteContext): readonly Endpoint[] {
  return [
    endpoint({
      method: "get",
      path: "circuit-breakers",
      summary: "Circuit breakers and their states",
      answer: breakerList,
      handle: async () => ({
        items: [...(await sourceOf(sources.breakers, "circuit breakers", NO_BREAKERS).list())],
      }),
    }),
    endpoint({
      method: "post",
      path: "circuit-breakers/{agent_id}/reset",
      summary: "Close a circuit breaker, with nothing counted",
      params: z.object({ agent_id: text(128, "The name of the breaker.") }),
      body: z.object({ actor }),
      answer: breakerReset,
      problems: [404, 409],
      async handle({ params, body }) {
        const source = sourceOf(sources.breakers, "circuit breakers", NO_BREAKERS);
        const state = await source.reset(params.agent_id, body.actor ?? "REST");
        if (state === undefined)
          throw new Refusal("not_found", `there is no circuit breaker ${shown(params.agent_id)}`, {
            parameter: "agent_id",
          });
        return { name: params.agent_id, state };
      },
    }),
    endpoint({
      method: "get",
      path: "budgets",
      summary: "Budgets in money: limits, and what is used of them",
      answer: budgetList,
      handle: async () => ({
        items: [
          ...(await sourceOf(sources.budgets, "budgets", "give agentsRouter sources that know them").list()),
        ],
      }),
    }),
    endpoint({
      method: "get",
      path: "memory/stats",
      summary: "What memories hold and have done, without any content",
      answer: memoryList,
      handle: async () => ({
        items: [
          ...(await sourceOf(sources.memory, "memories", "give agentsRouter sources that know them").list()),
        ],
      }),
    }),
    endpoint({
      method: "get",
      path: "ledger",
      summary: "What breakers and their operators did, the newest first",
      query: z.object({
        breaker: text(128, "Only rows of this breaker.").optional(),
        kind: text(64, "Only rows of this kind: `transition`, `failure`, `operator`.").optional(),
        ...paging,
      }),
      answer: page(ledgerRow),
      handle: async ({ query }) =>
        pageOf(
          await sourceOf(
            sources.ledger,
            "rows of a ledger",
            "give its sources one: inProcessSources({ ledger })",
          ).list(query),
        ),
    }),
    endpoint({
      method: "get",
      path: "dead-letters",
      summary: "Tasks that were given up, that with the last attempt first",
      query: z.object({
        queue: text(128, "Only those of this queue.").optional(),
        task_type: text(128, "Only those of this type.").optional(),
        resolved: flag("`true`: those that are resolved, in place of those that are not.")
          .default(false)
          .openapi({ default: false }),
        ...paging,
      }),
      answer: page(deadLetter),
      async handle({ query: { task_type, ...query } }) {
        const source = sourceOf(sources.deadLetters, "dead letters", NO_LETTERS);
        return pageOf(await source.list({ ...query, taskType: task_type }));
      },
    }),
    endpoint({
      method: "post",
      path: "dead-letters/{queue}/{id}/replay",
      summary: "Do the task of a dead letter again",
      description:
        "`requested`: whoever runs the handler of the queue will do it. A failed replay is answered with 200 and its error: the letter stays.",
      params: queueAndId,
      answer: replayAsked,
      problems: [404, 409],
      async handle({ params: { queue, id } }) {
        const source = sourceOf(sources.deadLetters, "dead letters", NO_LETTERS);
        const answer = await source.replay(queue, id);
        if (answer === undefined) throw noLetter(queue, id);
        return { id, ...answer };
      },
    }),
    endpoint({
      method: "post",
      path: "dead-letters/{queue}/{id}/resolve",
      summary: "Resolve a dead letter by hand",
      params: queueAndId,
      body: z.object({ resolution: text(1_000, "What was done about it.") }),
      answer: letterResolved,
      problems: [404, 409],
      async handle({ params: { queue, id }, body }) {
        const source = sourceOf(sources.deadLetters, "dead letters", NO_LETTERS);
        const resolved = await source.resolve(queue, id, body.resolution);
        if (resolved === undefined) throw noLetter(queue, id);
        return { id, resolved };
      },
    }),
  ];
}

function noLetter(queue: string, id: string): Refusal {
  return new Refusal("not_found", `the dead letter queue ${shown(queue)} has no letter ${shown(id)}`, {
    parameter: "id",
  });
}
