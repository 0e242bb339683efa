import fc from "fast-check";
import { TRACE_ID } from "./sources.ts";

/** What breaks programs: other numbers, encodings, names of prototypes, SQL, paths. */
const ODD = fc.oneof(
  fc.constantFrom(
    ..."daily hourly yearly -1 0 1 7 90 91 1e3 0x10 1.5 NaN Infinity -0 null undefined true false TRUE [object Object]".split(
      " ",
    ),
    ..."__proto__ constructor prototype toString hasOwnProperty valueOf".split(" "),
    "' OR 1=1 --",
    "1; DROP TABLE spans",
    '") UNION SELECT * FROM sqlite_master --',
    "../../../etc/passwd",
    "..%2f..%2fetc",
    "%",
    "%zz",
    "%00",
    "%ff%fe",
    "%C0%AF",
    "%F0%9F",
    "\u0000",
    "\ud800",
    "<img onerror=alert(1)>",
    "=HYPERLINK(1)",
    "\u001b[31m",
    "9".repeat(400),
    "a".repeat(5_000),
    "2026-11-19",
    "2026-13-45",
    "9999-12-31T23:59:59Z",
    "0000-00-00",
    "2026-11-19T12:00:00+99:99",
    TRACE_ID,
    "writer",
    "mail",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double().map(String),
  fc.bigInt().map(String),
);
const NAME = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ..."period by days model from to order agent tool conversation failed findings min_cost_usd min_duration_ms text limit cursor mode breaker kind queue task_type resolved".split(
        " ",
      ),
    ),
  },
  { weight: 1, arbitrary: ODD },
);
const SEGMENT = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(..."writer mail x reset replay resolve".split(" "), TRACE_ID) },
  { weight: 3, arbitrary: ODD.map((text) => encodeURIComponent(text.toWellFormed())) },
  { weight: 1, arbitrary: ODD },
);
const PATHS =
  "token-stats token-stats/trend costs/what-if metrics metrics/trend metrics/errors metrics/interactions health circuit-breakers circuit-breakers/*/reset memory/stats statistics agents agents/* traces traces/* failures budgets ledger dead-letters dead-letters/*/*/replay dead-letters/*/*/resolve openapi.json live * */* */*/*".split(
    " ",
  );
const PATH = fc
  .tuple(fc.constantFrom(...PATHS), SEGMENT, SEGMENT, SEGMENT)
  .map(([path, ...segments]) => path.replace(/\*/g, () => segments.pop() ?? ""));
const VALUE = ODD.chain((value) => fc.constantFrom(value, encodeURIComponent(value.toWellFormed())));
const QUERY = fc
  .array(fc.tuple(NAME, VALUE, fc.constantFrom("=", "=", "=", "[]=", "[0]=", "", "==")), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value, equals]) => `${name}${equals}${value}`).join("&"));
const BODY = fc.oneof(
  fc.constantFrom(
    "",
    "{}",
    "null",
    "[]",
    '{"actor":"ann"}',
    '{"resolution":"seen"}',
    '{"resolution":7}',
    "{",
    "\ufeff{}",
  ),
  fc.json({ maxDepth: 6 }),
  ODD.map((text) => JSON.stringify({ actor: text })),
  ODD.map((text) => JSON.stringify({ [text]: text })),
  fc.integer({ min: 1, max: 3_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.constant(`{"actor":"${"x".repeat(66_000)}"}`),
);
const HEADERS = fc.array(
  fc.oneof(
    fc.tuple(
      fc.constantFrom(
        "content-type",
        "origin",
        "sec-fetch-site",
        "authorization",
        "accept",
        "range",
        "expect",
      ),
      fc.oneof(
        fc.constantFrom(
          "application/json",
          "text/plain",
          "null",
          "http://127.0.0.1",
          "same-origin",
          "Bearer",
          "Bearer  ",
          "Basic eDp5",
        ),
        fc.string({ maxLength: 30 }),
      ),
    ),
    fc.tuple(
      fc.constantFrom("x-http-method-override", "x-forwarded-host", "content-length"),
      fc.constantFrom("DELETE", "evil", "0"),
    ),
  ),
  { maxLength: 3 },
);

export interface Fuzzed {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const OTHER_METHODS = [
  "POST",
  "GET",
  "HEAD",
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "QUERY",
  "PROPFIND",
  "get",
  "x",
];

/** Mostly with the method that the path is for, and half without a query, so that it gets past the door. */
export const fuzzedRequest: fc.Arbitrary<Fuzzed> = fc
  .record({
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...OTHER_METHODS) },
    ),
    path: PATH,
    query: fc.oneof(fc.constant(""), QUERY),
    headers: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: HEADERS }),
    body: BODY,
  })
  .map((fuzzed) => ({ ...fuzzed, method: fuzzed.method ?? methodOf(fuzzed.path) }));

function methodOf(path: string): string {
  return /\/(?:reset|replay|resolve)$/.test(path) ? "POST" : "GET";
}

/** @returns `undefined` where no request can be made of it: nobody could send that. */
export function requestOf(
  { method, path, query, headers, body }: Fuzzed,
  token: string,
): Request | undefined {
  try {
    const all = new Headers({ "content-type": "application/json", authorization: `Bearer ${token}` });
    for (const [name, value] of headers) all.set(name, value);
    const url = `http://127.0.0.1/api/agents/${path}${query === "" ? "" : `?${query}`}`;
    const hasBody = !["GET", "HEAD", "get"].includes(method);
    return new Request(url, { method, headers: all, ...(hasBody && { body }) });
  } catch {
    return undefined;
  }
}
