import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP, LABEL_INSTANCE } from "../metrics/derived.ts";
import { label, series } from "../metrics/prometheus-names.ts";
import { either, maxBy, select } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

const LIMIT = label(names.ATTR_RATE_LIMIT_NAME);
const WINDOW = label(names.ATTR_RATE_LIMIT_WINDOW);

/** Windows so short that a mean over the interval of the board has to stand for them, in seconds. */
const SHORT = { second: 1, minute: 60 } as const;

export interface RateLimitRanges {
  /** Of rates, as `$__rate_interval`. */
  readonly rate: string;
  /** What is shown, as `$__range`. */
  readonly shown: string;
}

/**
 * What a limit let through in a window, of what it allows in it: 1 is all of it. Of the second and the minute the busiest one within the
 * range, of the day the last one. By limit and window, of the fullest process.
 */
export function rateLimitUsed(scope: Pick<Scope, "app">, { rate, shown }: RateLimitRanges): string {
  const admitted = select(series(names.METRIC_RATE_LIMIT_ADMITTED), appOf(scope));
  const busiest = Object.entries(SHORT).map(([window, seconds]) =>
    ofLimit(`max_over_time((${seconds} * rate(${admitted}[${rate}]))[${shown}:1m])`, window, scope, shown),
  );
  const day = ofLimit(`increase(${admitted}[1d])`, "day", scope, shown);
  return maxBy([LIMIT, WINDOW], either(...busiest, day));
}

/** A limit of several windows counts its calls once. */
function ofLimit(admitted: string, window: string, scope: Pick<Scope, "app">, shown: string): string {
  const limit = select(series(names.METRIC_RATE_LIMIT_LIMIT), { ...appOf(scope), [WINDOW]: window });
  const on = [LABEL_APP, LABEL_INSTANCE, LIMIT].join(", ");
  return `${admitted} / on (${on}) group_right () last_over_time(${limit}[${shown}])`;
}
