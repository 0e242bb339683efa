import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkpointedWorkflow, postgresStore, type Store } from "../../src/index.ts";
import { workflowFaultSuite } from "../faults/support/workflow-suite.ts";
import { changedProgramsSuite } from "../work/workflow/changed-programs-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let databases: Databases;
let places = 0;

beforeAll(async () => {
  stack = await stackUp(23_880, ["postgres"]);
  databases = databasesOn(stack.endpoint("postgres", "postgres"));
});

afterAll(async () => {
  await databases?.close();
  await stack?.down();
});

describe("a changed program, on PostgreSQL", () => {
  let store: Store;
  beforeAll(async () => {
    store = postgresStore(await databases.url("changed"));
  });
  afterAll(() => store.close());
  changedProgramsSuite(() => store.checkpoints!);
});

describe("workflows on PostgreSQL", () => {
  workflowFaultSuite("PostgreSQL", () => databases.url(`workflows-${places++}`));

  it("go on, and run no step twice, where the server is killed under them and comes back", async () => {
    const store = postgresStore(await databases.url("killed"));
    const ran: string[] = [];
    let back: Promise<void> | undefined;
    let workflow = checkpointedWorkflow("outage", { store });
    for (let i = 0; i < 20; i++)
      workflow = workflow.step(`step ${i}`, async (_, { step }) => {
        ran.push(step);
        if (i === 10) {
          stack.kill("postgres");
          await eventually("the server is gone", () =>
            store.checkpoints!.read("1").then(
              () => undefined,
              () => true,
            ),
          );
          // It comes back while the step is to be kept.
          back = stack.restart("postgres");
        }
        return { [step]: i };
      });
    const state = await workflow.execute("1");
    await back;
    expect(Object.keys(state)).toHaveLength(20);
    expect(ran).toEqual(Array.from({ length: 20 }, (_, i) => `step ${i}`));
    expect(await workflow.inspect("1")).toMatchObject({ status: "completed", crashes: 0 });
    await store.close();
  });
});
