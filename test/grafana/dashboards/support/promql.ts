import { parser } from "@prometheus-io/lezer-promql";

/** With Grafana's variables as it fills them in. */
export const filled = (expr: string): string =>
  expr
    .replaceAll("$__rate_interval", "1m")
    .replaceAll("$__range_s", "3600")
    .replaceAll("$__range", "1h")
    .replaceAll(/\$(app|agent|model)\b/g, ".*");

/** The texts of all nodes of a kind. @throws Error where Prometheus' grammar refuses the expression. */
export function nodes(expr: string, ...kinds: readonly string[]): readonly string[] {
  const found: string[] = [];
  const whole = filled(expr);
  parser.parse(whole).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${whole}`);
      if (kinds.includes(type.name)) found.push(whole.slice(from, to));
    },
  });
  return found;
}
