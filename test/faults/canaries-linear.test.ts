import { describe, expect, it } from "vitest";
import { redactSecrets } from "../../src/internal/redact/redact-secrets.ts";

const HALF = 2 ** 19;

/** What begins a secret of each rule and does not end it, over and over. */
const ADVERSARIAL: readonly string[] = [
  ..."a|A1|-|--|--a|_|/|a/|1/|=|+|.|@|a@|a@a.|%40|é@|\\|\"|'|{|[|:|?a|&a=|?".split("|"),
  ..."://|://a:|://a@|://a:1|sk-|sk-a|sk_A|eyJ|eyJa.|SG.|SG.a.|AKIA|AIza|gh|ghp_|xoxb-|lsv2_ab_|hvs.".split(
    "|",
  ),
  ...'token|token |token:|token="|token=\\"|password={|password=[|password=\'\\|secret_value_value'.split(
    "|",
  ),
  ..."cookie:a=|cookie: a=b; |authorization:digest |Bearer |bearer a|Basic |basic aaaa|api |access_|connection ".split(
    "|",
  ),
  ..."-----BEGIN |-----BEGIN A PRIVATE KEY-----|--password |a1B2c3D4e5F6g7H8|a1B2c3D4e5F6g7H8i9J0k1 ".split(
    "|",
  ),
  "\n",
  " ",
  "\u0000",
];

/** Milliseconds of this thread's CPU, the best of three: others may be at work on the machine. */
function cpuMs(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage();
    redactSecrets(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}

/** What stands at the end keeps no rule from looking, that a text without an @ or a :// has nothing for. */
/** How much more work twice the text is. Below 5 ms the clock and the collector of garbage say more than the text. */
function growth(seed: string): number {
  const half = cpuMs(repeated(seed, HALF));
  return cpuMs(repeated(seed, 2 * HALF)) / Math.max(half, 5);
}

function repeated(seed: string, length: number): string {
  return `${seed.repeat(Math.ceil(length / seed.length)).slice(0, length)}! @ = ://`;
}

describe("redaction of 1 MB is linear, twice the work of half of it", () => {
  it.each(ADVERSARIAL)("for %j over and over", (seed) => {
    redactSecrets(repeated(seed, 10_000));
    // Four times were quadratic, every time; a machine that others use makes something else of it now and then.
    let ratio = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && ratio >= 3.5; attempt += 1) ratio = growth(seed);
    expect(ratio).toBeLessThan(3.5);
  });

  it("would be seen to be quadratic with a pattern that tries each run from each of its characters", () => {
    const naive = /\w+(?:key|token)[:=]\S+/;
    const time = (length: number) => {
      const text = repeated("a", length);
      const before = process.threadCpuUsage();
      naive.test(text);
      return process.threadCpuUsage(before).user;
    };
    expect(time(16_384) / time(8_192)).toBeGreaterThan(2.5);
  });
});
