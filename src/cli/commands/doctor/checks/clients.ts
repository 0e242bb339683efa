import { CLIENT_PACKAGES } from "../clients/known-clients.ts";
import { runTrials } from "../clients/trials.ts";
import { type Finding, finding, found, skipped } from "../finding.ts";
import { findInstalled } from "../project/installed.ts";
import type { Check } from "./check.ts";

/** Whether the hooks fit the clients that are installed: each is loaded once with them, in a process of its own. */
export const clients: Check = {
  name: "clients",
  run: async ({ folder, env }) => {
    const installed = CLIENT_PACKAGES.flatMap((name) => findInstalled(folder, name) ?? []);
    if (installed.length === 0) return skipped("no model client that is known is installed");
    const versions = new Map(installed.map(({ name, version }) => [name, version]));
    const trials = await runTrials([...versions.keys()], folder, env);
    if (trials === undefined) return skipped("they could not be tried");
    const findings = trials.flatMap(({ name, complaints }): readonly Finding[] =>
      complaints.length === 0
        ? []
        : [
            finding(
              "client_not_patched",
              `${name} ${versions.get(name)}: ${complaints.join("; ")}`,
              "install a version that is known, or record its calls with chat() of agent-otel",
            ),
          ],
    );
    return found(findings, [...versions].map(([name, version]) => `${name} ${version}`).join(", "));
  },
};
