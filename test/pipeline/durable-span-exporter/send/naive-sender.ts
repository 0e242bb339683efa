import type { Sender } from "../../../../src/pipeline/durable-span-exporter/delivery.ts";

/** How one sends at first: a success is a success, a refusal is final, and what the server cannot do now it can do later. */
export function naiveSender(url: string): Sender {
  return {
    async send({ body }, signal) {
      const answer = await fetch(url, { method: "POST", body: Buffer.from(body), signal });
      const why = `HTTP ${answer.status}: ${await answer.text()}`;
      if (answer.ok) return { kind: "delivered", rejectedSpans: 0 };
      const afterMs = Number(answer.headers.get("retry-after")) * 1_000;
      if (answer.status === 429 || answer.status >= 500) return { kind: "retry", afterMs, why };
      return { kind: "rejected", reason: "rejected", why };
    },
    close() {},
  };
}
