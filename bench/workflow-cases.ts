// Workflows of so many steps that do nothing, on each of our stores and in files that are written over in place.

import type { CheckpointStore } from "../src/stores/checkpoints/checkpoint-store.ts";
import { MetricSources } from "../src/telemetry/metric-sources.ts";
import { checkpointedWorkflow } from "../src/work/checkpointed-workflow.ts";
import { NaiveWorkflow } from "../test/naive/workflow-file-checkpoints.ts";

/** One way to run a workflow from its first step to its end. */
export interface StepBench {
  /** @param id New each time. */
  run(id: string): Promise<unknown>;
  close(): Promise<void>;
}

export function ourCase(
  store: { readonly checkpoints?: CheckpointStore; close(): Promise<void> },
  steps: number,
): StepBench {
  let workflow = checkpointedWorkflow("bench", { store, metrics: new MetricSources() });
  for (let i = 0; i < steps; i++) workflow = workflow.step(`step ${i}`, () => ({ done: i }));
  return { run: (id) => workflow.execute(id), close: () => store.close() };
}

export function naiveCase(directory: string, steps: number): StepBench {
  return {
    run(id) {
      const workflow = new NaiveWorkflow(directory, () => {});
      for (let i = 0; i < steps; i++) workflow.addStep(`step ${i}`, async () => ({ done: i }));
      return workflow.execute(id);
    },
    close: async () => {},
  };
}

/** Seconds for so many workflows, so many of them at once. */
export async function seconds(
  bench: StepBench,
  prefix: string,
  workflows: number,
  atOnce: number,
): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let i = next++; i < workflows; i = next++) await bench.run(`${prefix}-${i}`);
    }),
  );
  return (performance.now() - started) / 1_000;
}
