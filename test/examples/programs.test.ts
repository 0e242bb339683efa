// The examples that are programs of their own, five at the same time, as Vitest limits it: they wait for a lease, a breaker or each other,
// and on a small machine Vitest runs one file after the other. The longest comes first.
import { aiSdkSuite } from "./suites/ai-sdk-suite.ts";
import { demoSuite } from "./suites/demo-suite.ts";
import { langchainSuite } from "./suites/langchain-suite.ts";
import { langgraphSuite } from "./suites/langgraph-suite.ts";
import { mcpSuite } from "./suites/mcp-suite.ts";
import { supervisorSettingsSuite } from "./suites/supervisor-settings-suite.ts";
import { supervisorSuite } from "./suites/supervisor-suite.ts";
import { testingSuite } from "./suites/testing-suite.ts";
import { workflowSuite } from "./suites/workflow-suite.ts";

demoSuite();
workflowSuite();
supervisorSuite();
supervisorSettingsSuite();
testingSuite();
langgraphSuite();
langchainSuite();
mcpSuite();
aiSdkSuite();
