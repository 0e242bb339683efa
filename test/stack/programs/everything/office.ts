import { randomBytes } from "node:crypto";
import { send } from "../../support/otlp.ts";
import { seeded } from "../../support/random.ts";
import { Bookkeeper, type Books } from "./books.ts";

/** A span of an agent in another language, which has no SDK of ours and sends no metrics. */
interface Sent {
  readonly name: string;
  readonly parent: string | undefined;
  readonly ms: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

const MODEL = "mistral-small";

/** Sends traces of three agents to the collector. @returns What they did. */
export async function runOffice(
  collector: string,
  app: string,
  seed: number,
  requests: number,
): Promise<Books> {
  const random = seeded(seed);
  const keeper = new Bookkeeper(app);
  for (let i = 0; i < requests; i++) {
    const spans: unknown[] = [];
    const traceId = randomBytes(16).toString("hex");
    const add = (sent: Sent): string => {
      const spanId = randomBytes(8).toString("hex");
      spans.push(otlpSpan(traceId, spanId, sent));
      return spanId;
    };
    const agent = (name: string, caller: string | undefined, parent: string | undefined, failed: boolean) => {
      keeper.called(caller ?? "user", name, failed);
      const attributes = { "gen_ai.agent.name": name, ...(caller && { "gen_ai.caller.name": caller }) };
      const operation = { "gen_ai.operation.name": "invoke_agent", ...attributes };
      return add({ name: `invoke_agent ${name}`, parent, ms: 80, failed, attributes: operation });
    };
    const model = (name: string, parent: string, failed: boolean): void => {
      keeper.called(name, `model:${MODEL}`, failed);
      const attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "mistral_ai",
        "gen_ai.agent.name": name,
        "gen_ai.request.model": MODEL,
      };
      add({ name: `chat ${MODEL}`, parent, ms: 40 + random() * 20, failed, attributes });
    };
    const front = agent("receptionist", undefined, undefined, random() < 0.1);
    model("receptionist", front, false);
    const back = agent("bookkeeper", "receptionist", front, random() < 0.2);
    model("bookkeeper", back, random() < 0.1);
    const failed = random() < 0.15;
    keeper.called("bookkeeper", "tool:ledger", failed);
    const attributes = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.agent.name": "bookkeeper",
      "gen_ai.tool.name": "ledger",
    };
    add({ name: "execute_tool ledger", parent: back, ms: 5, failed, attributes });
    const resource = { attributes: [attribute("service.name", app)] };
    const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "other" }, spans }] }] };
    if (!(await send(collector, JSON.stringify(body)))) throw new Error("the collector took no spans");
  }
  return keeper.books;
}

function otlpSpan(traceId: string, spanId: string, { name, parent, ms, failed, attributes }: Sent): object {
  const end = BigInt(Date.now()) * 1_000_000n;
  const all = { ...attributes, ...(failed && { "error.type": "TimeoutError" }) };
  return {
    traceId,
    spanId,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind: 1,
    startTimeUnixNano: String(end - BigInt(Math.round(ms * 1e6))),
    endTimeUnixNano: String(end),
    attributes: Object.entries(all).map(([key, value]) => attribute(key, value)),
    status: failed ? { code: 2 } : {},
  };
}

const attribute = (key: string, stringValue: string): object => ({ key, value: { stringValue } });
