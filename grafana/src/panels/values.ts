import type { Thresholds } from "./panel.ts";

/** Limits that mean the same on every board. */
export const HEALTH: Thresholds = {
  warn: 80,
  bad: 60,
  meaning: "Red below 60, where a breaker is half open or every second run fails; yellow below 80",
};

export const ERROR_SHARE: Thresholds = {
  warn: 0.01,
  bad: 0.05,
  meaning: "Yellow from 1 % of failed runs, red from 5 %",
};

export const RUN_SECONDS: Thresholds = {
  warn: 10,
  bad: 30,
  meaning: "Yellow from 10 s, red from 30 s, above which a run counts as slow in the health score",
};

export const BUDGET_SHARE: Thresholds = {
  warn: 0.8,
  bad: 1,
  meaning: "Yellow from 80 %, where a budget counts as nearly used, red where it refuses calls",
};

/** For what must not happen at all. */
export const none = (what: string): Thresholds => ({ warn: 1, bad: 1, meaning: `Red from one ${what} on` });
