import { describe, expect, it } from "vitest";
import { killIngesters, type OtlpKills } from "./support/otlp-kills.ts";

const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 200 : 20;

function show(name: string, { kills, acked, spans, lost, wrong }: OtlpKills): void {
  console.log(
    `${name}: ${kills} kills, ${acked} spans acknowledged, ${spans} there, ${lost} lost, ${wrong} sums that are wrong`,
  );
}

describe(`${KILLS} random kill -9 of a process that receives spans`, () => {
  it("lose no acknowledged span, and leave sums that a recount of the spans gives", async () => {
    const result = await killIngesters(KILLS, "store");
    show("store", result);
    expect(result).toMatchObject({ kills: KILLS, lost: 0, wrong: 0 });
    expect(result.acked).toBeGreaterThan(20 * KILLS);
  }, 900_000);

  it("would be seen: who says yes before the commit loses spans", async () => {
    const result = await killIngesters(5, "ack-first");
    show("ack first", result);
    expect(result.lost).toBeGreaterThan(0);
  }, 120_000);
});
