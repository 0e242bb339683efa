import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { DoctorReport } from "../../../src/cli/commands/doctor/report.ts";
import { project } from "./project.ts";

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

// The build moves code, and leaves out what it thinks nobody uses: two modules are loaded by their file in other processes.
it("doctor as it is built tries the clients, and sees into a program", async () => {
  const folder = await project();
  const { PATH = "" } = process.env;
  const program = ["--", process.execPath, "--import", "agent-otel/register", "app.mjs"];
  const child = spawn(process.execPath, [MAIN, "doctor", "--json", ...program], {
    cwd: folder,
    env: { PATH, OTEL_TRACES_EXPORTER: "console", OTEL_METRICS_EXPORTER: "none" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  const { checks, findings } = JSON.parse(out) as DoctorReport;
  expect({ code, findings }).toEqual({ code: 0, findings: [] });
  expect(checks.find(({ check }) => check === "clients")).toMatchObject({ outcome: "ok" });
  expect(checks.find(({ check }) => check === "program")?.detail).toBe("openai; 0 spans, 0 of them sampled");
});
