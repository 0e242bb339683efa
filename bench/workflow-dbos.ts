// One workflow of so many steps that do nothing, on DBOS.
import { DBOS } from "@dbos-inc/dbos-sdk";
import type { StepBench } from "./workflow-cases.ts";

const QUIET = { info() {}, debug() {}, warn() {}, error: console.error };

/** @param url Of a database of PostgreSQL that is DBOS's own. */
export async function dbosCase(url: string, steps: number): Promise<StepBench> {
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: url, runAdminServer: false, logger: QUIET as never });
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (let i = 0; i < steps; i++) await DBOS.runStep(async () => ({ done: i }), { name: `step ${i}` });
    },
    { name: "bench" },
  );
  await DBOS.launch();
  return {
    async run(id) {
      const handle = await DBOS.startWorkflow(workflow, { workflowID: id })();
      await handle.getResult();
    },
    close: () => DBOS.shutdown(),
  };
}
