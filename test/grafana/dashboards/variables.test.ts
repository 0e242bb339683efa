import { describe, expect, it } from "vitest";
import { boards, texts } from "./support/boards.ts";

describe.each(boards.map((board, index) => [board.uid, board, texts[index]!] as const))(
  "%s",
  (_, board, text) => {
    const { list } = board.templating;
    const names = list.map(({ name }) => name);

    it("chooses its data source by name, and the shipped one first", () => {
      const source = list.find(({ name }) => name === "datasource");
      expect(source).toMatchObject({
        type: "datasource",
        query: "prometheus",
        current: { value: "agent-otel-prometheus" },
      });
    });

    it("uses every variable that it has, and has every one that it uses", () => {
      const used = new Set(
        [...text.matchAll(/\$\{?(?!__)([a-z_]+)\b/g)]
          .map(([, name]) => name!)
          .filter((name) => !/^\d/.test(name)),
      );
      expect([...used].sort()).toEqual([...names].sort());
    });

    it("reads the values anew when the time changes", () => {
      for (const { refresh } of list.filter(({ type }) => type === "query")) expect(refresh).toBe(2);
    });

    it("has «All» for everything, but for the agent of the agent's own board", () => {
      for (const variable of list.filter(({ type }) => type === "query")) {
        if (board.uid === "agent-otel-agent" && variable.name === "agent") {
          expect(variable).toMatchObject({ includeAll: false, multi: false });
          continue;
        }
        expect(variable).toMatchObject({
          includeAll: true,
          allValue: ".*",
          current: { value: ["$__all"] },
        });
      }
    });

    it("matches a variable of one value by that value: Grafana escapes it for no regular expression", () => {
      const one = list.filter(({ type, multi }) => type === "query" && multi === false);
      for (const { name } of one) expect(text).not.toMatch(new RegExp(`[=!]~\\\\"\\$${name}\\b`));
    });
  },
);
