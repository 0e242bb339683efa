import { type TimeScale, timeScale } from "./time-scale.ts";

/** All have defaults; the shipped files are made with these. */
export interface RuleOptions {
  /** What an hour becomes in ranges and waits, such as `10s` for a test. @default "1h" */
  readonly hour?: string;
  /**
   * Where the runbook is read, without the anchor: an address of your own, as an alert is read far from the package.
   * @default "docs/runbook.md", its path in the package
   */
  readonly runbook?: string;
  /** Where Grafana is, for links. @default "http://127.0.0.1:3000" */
  readonly grafana?: string;
  /** Share of an agent's runs that is to succeed over a month, above 0 and below 1. @default 0.99 */
  readonly objective?: number;
  /** From how many seconds on a run is slow, as in `healthMonitor`. @default 30 */
  readonly slowAfterSeconds?: number;
  /** A spike below so many US dollars an hour is none. @default 1 */
  readonly spikeUsdPerHour?: number;
}

export interface RuleSettings extends Required<Omit<RuleOptions, "hour">> {
  readonly time: TimeScale;
}

/** @throws RangeError that names the option, what it allows and the value. */
export function ruleSettings(options: RuleOptions = {}): RuleSettings {
  const { objective = 0.99, slowAfterSeconds = 30, spikeUsdPerHour = 1 } = options;
  check("objective", "above 0 and below 1", objective, objective > 0 && objective < 1);
  check("slowAfterSeconds", "above 0", slowAfterSeconds, slowAfterSeconds > 0);
  check("spikeUsdPerHour", "0 or more", spikeUsdPerHour, spikeUsdPerHour >= 0);
  return {
    time: timeScale(options.hour),
    runbook: withoutSlash(options.runbook ?? "docs/runbook.md"),
    grafana: withoutSlash(options.grafana ?? "http://127.0.0.1:3000"),
    objective,
    slowAfterSeconds,
    spikeUsdPerHour,
  };
}

const withoutSlash = (address: string): string => address.replace(/\/+$/, "");

function check(option: string, range: string, value: number, isGood: boolean): void {
  if (!isGood) throw new RangeError(`rules: ${option} must be ${range}, got ${value}`);
}
