import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toRefusal } from "../../src/web/data/problem.ts";
import { tokenIn } from "../../src/web/data/token-in.ts";
import { formatRoute, parseRoute } from "../../src/web/router/route.ts";

describe("routes", () => {
  it("keep any name and any filter", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: "grapheme" }),
        fc.string({ minLength: 1 }),
        (name, text) => {
          fc.pre(name.isWellFormed());
          const { path, query } = parseRoute(formatRoute(["agents", name], { text }));
          expect(path).toEqual(["agents", name]);
          expect(query.get("text")).toBe(text);
        },
      ),
    );
  });

  it("survive a lone percent sign", () => {
    expect(parseRoute("#/agents/100%").path).toEqual(["agents", "100%"]);
  });

  it("of nothing are the first view", () => {
    expect(parseRoute("").path).toEqual([]);
  });
});

describe("the token of an address", () => {
  it("is read", () => {
    expect(tokenIn("#token=aZ0-_.~+/=")).toBe("aZ0-_.~+/=");
  });

  it.each(["", "#/traces", "#token=", "#token=a b", "#token=a\nb", `#token=${"a".repeat(600)}`])(
    "is not taken from %j",
    (hash) => {
      expect(tokenIn(hash)).toBeUndefined();
    },
  );
});

describe("a refusal", () => {
  it("has the command that the server names", () => {
    expect(toRefusal(409, { title: "T", detail: "D", command: "run this" })).toMatchObject({
      command: "run this",
    });
  });

  it("is made of any body", () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        const { status, title, detail } = toRefusal(502, body);
        expect([status, typeof title, typeof detail]).toEqual([502, "string", "string"]);
      }),
    );
  });
});
