// Adds up Vitest's JSON reports. The first argument is 1 when a command failed, so that a tier that broke before it could count
// anything still counts as a failure.
import { readFileSync } from "node:fs";

const [broken, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    passed += numPassedTests;
    // A file that cannot be loaded fails as a suite, with no test in it.
    failed += Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    skipped += numPendingTests;
  } catch (error) {
    console.error(`no usable report ${report}: ${error.message}`);
    failed += 1;
  }
}
if (broken !== "0" && failed === 0) failed = 1;
console.log(
  skipped > 0
    ? `${passed} passed, ${failed} failed, ${skipped} skipped`
    : `${passed} passed, ${failed} failed`,
);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
