import { describe, expect, it } from "vitest";
import { passesOf, slower } from "../../../scripts/check-shipped/recorded-run/blocks.ts";

describe("slower", () => {
  it("moves samples apart, keeps the last one where it is, and touches neither values nor comments", () => {
    const text = '# TYPE a counter\na_total{x="1 2"} 5 100\na_total 6.5 105.5\n# EOF\n';
    expect(slower(text)).toBe('# TYPE a counter\na_total{x="1 2"} 5 39.500\na_total 6.5 105.500\n# EOF\n');
  });
});

describe("passesOf", () => {
  const file = (...rules: readonly string[]) =>
    `groups:\n  - name: g\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join("")}`;

  it("records first what other rules need, and the alerts at the end", () => {
    const passes = passesOf([
      file("{ record: 'c:d', expr: sum(a:b) }", "{ alert: A, expr: c:d > 1, labels: { severity: warning } }"),
      file("{ record: 'a:b', expr: sum(up) }"),
    ]);
    const names = passes.map((groups) => groups.flatMap(({ rules }) => rules.map(({ record }) => record)));
    expect(names).toEqual([["a:b"], ["c:d"], ["ALERTS"]]);
    expect(passes[2]![0]!.rules[0]).toMatchObject({
      labels: { alertname: "A", alertstate: "firing", severity: "warning" },
    });
  });

  it("makes labels that an alert copies, which a recording rule cannot", () => {
    const passes = passesOf([file(`{ alert: A, expr: up, labels: { agent: "{{ $labels.name }}" } }`)]);
    expect(passes[0]![0]!.rules[0]!["expr"]).toBe('label_replace(up, "agent", "$1", "name", "(.+)")');
  });

  it("refuses rules that need each other", () => {
    const rules = file("{ record: 'a:b', expr: c:d }", "{ record: 'c:d', expr: a:b }");
    expect(() => passesOf([rules])).toThrow("need each other: a:b, c:d");
  });
});
