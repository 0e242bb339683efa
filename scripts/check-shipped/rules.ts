import { type Data, list, word, yamlOf } from "./data.ts";
import { filesOf, type Shipped } from "./shipped.ts";

/** Rule files of Prometheus. */
export const RULES = /^collector\/rules\/[^/]+\.yaml$/;

export interface Rule {
  readonly file: string;
  /** Of an alert; empty for a recording rule. */
  readonly alert: string;
  /** Of a recording rule; empty for an alert. */
  readonly record: string;
  readonly expr: string;
  readonly json: Data;
  /** «alert X», to say where. */
  readonly where: string;
}

export const rulesOf = (shipped: Shipped): readonly Rule[] =>
  filesOf(shipped, RULES).flatMap(([file]) =>
    list(yamlOf(shipped, file), "groups")
      .flatMap((group) => list(group, "rules"))
      .map((json) => {
        const [alert, record] = [word(json, "alert"), word(json, "record")];
        const where =
          alert === "" ? `rule ${record}` : `alert ${alert} (${word(json, "labels", "severity")})`;
        return { file, alert, record, expr: word(json, "expr").trim(), json, where };
      }),
  );
