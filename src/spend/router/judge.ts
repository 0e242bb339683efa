import { reportFailure } from "../../internal/warn-once.ts";
import type { Judged } from "./choose.ts";
import { type Circumstances, reasonsAgainst } from "./eligibility.ts";
import type { ModelEntry } from "./model-entry.ts";
import type { MonthSpend } from "./monthly-spend.ts";
import type { RouteTask } from "./route-task.ts";
import type { ModelRouterSettings } from "./router-options.ts";

/** When a decision is made. */
export interface Moment {
  /** Wall clock, milliseconds since the epoch. */
  readonly wallMs: number;
  readonly monotonicMs: number;
  readonly month: MonthSpend;
  /** Not to be taken again. */
  readonly tried: ReadonlySet<ModelEntry>;
}

/** Looks at each model of a router for one call. Changes nothing. */
export class Judge {
  readonly #settings: ModelRouterSettings;

  constructor(settings: ModelRouterSettings) {
    this.#settings = settings;
  }

  all(models: Iterable<ModelEntry>, task: RouteTask, moment: Moment): readonly Judged[] {
    const now = this.#circumstances(moment);
    const usage = { input: task.inputTokens, output: task.outputTokens };
    const judged: Judged[] = [];
    for (const entry of models) {
      const nanoUsd = entry.nanoUsd(usage, moment.wallMs);
      const candidate = { entry, nanoUsd, latencyMs: entry.latencyMs(task.outputTokens) };
      judged.push({ ...candidate, reasons: reasonsAgainst(candidate, task, now) });
    }
    return judged;
  }

  #circumstances({ monotonicMs, month, tried }: Moment): Circumstances {
    const { budgetNanoUsd, breakers, allow } = this.#settings;
    return {
      leftNanoUsd: budgetNanoUsd - month.nanoUsd,
      monotonicMs,
      tried,
      // To ask for a breaker that nobody has would make it.
      mayCall: (breaker) => !breakers.has(breaker) || breakers.get(breaker).isAvailable(),
      isAllowed: (entry, task) => allow === undefined || isAllowed(allow, entry, task),
    };
  }
}

function isAllowed(
  allow: NonNullable<ModelRouterSettings["allow"]>,
  entry: ModelEntry,
  task: RouteTask,
): boolean {
  try {
    return allow(entry.model, task) === true;
  } catch (error) {
    reportFailure("the allow rule of a model router", error);
    return false;
  }
}
