// Adds up Vitest's JSON reports, and says again at the end what failed and where the time went: whoever reads the end of a long log
// needs both. The first argument is 1 when a command failed, so that a tier that broke before it could count anything still
// counts as a failure.
import { readFileSync } from "node:fs";
import { basename, relative } from "node:path";

const LINES_OF_A_FAILURE = 25;
const SLOWEST = 8;

const [broken, ...reports] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;

const indented = (text) =>
  text
    .split("\n")
    .slice(0, LINES_OF_A_FAILURE)
    .map((line) => `    ${line}`)
    .join("\n");

/** The file's own failure (it could not be loaded, a hook threw), then each failed test's. */
function sayFailures({ name, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  if (message) console.log(`FAILED ${file}\n${indented(message)}`);
  for (const test of assertionResults) {
    if (test.status !== "failed") continue;
    console.log(`FAILED ${file} > ${test.fullName}\n${indented(test.failureMessages.join("\n"))}`);
  }
}

function sayTimes(report, files) {
  const timed = files.map(({ name, startTime, endTime }) => ({
    file: relative(process.cwd(), name),
    seconds: (endTime - startTime) / 1000,
  }));
  timed.sort((one, other) => other.seconds - one.seconds);
  const slowest = timed.slice(0, SLOWEST).map(({ file, seconds }) => `${file} ${seconds.toFixed(0)} s`);
  const sum = timed.reduce((total, { seconds }) => total + seconds, 0);
  console.log(
    `${basename(report, ".json")}: ${files.length} files, ${sum.toFixed(0)} s; ${slowest.join(", ")}`,
  );
}

for (const report of reports) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    passed += numPassedTests;
    // A file that cannot be loaded fails as a suite, with no test in it.
    failed += Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    skipped += numPendingTests;
    sayTimes(report, testResults);
    for (const file of testResults) sayFailures(file);
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
