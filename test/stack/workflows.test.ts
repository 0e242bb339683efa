import { afterAll, beforeAll, describe } from "vitest";
import { workflowFaultSuite } from "../faults/support/workflow-suite.ts";
import { type Databases, databasesOn } from "./support/databases.ts";
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

describe("workflows on PostgreSQL", () => {
  workflowFaultSuite("PostgreSQL", () => databases.url(`workflows-${places++}`));
});
