import { alerts, cascadeGuard, failureModes, type Ledger, sqliteLedger } from "agent-otel";

interface Draft {
  readonly facts?: string | null;
  readonly draft?: string | null;
}

/** A node that fails, whose fields others then read. */
export async function useGuard(ledger: Ledger) {
  const guard = cascadeGuard({ ledger });
  let works = true;
  const research = guard.protectNode(
    "researcher",
    { quarantineOnFailure: ["facts"], onFailure: "continue" },
    async (state: Draft): Promise<Draft> => {
      if (!works) throw new Error("nothing found");
      return { ...state, facts: "some" };
    },
  );
  const write = guard.protectNode(
    "writer",
    { quarantineOnFailure: ["draft"], readsFrom: ["facts"] },
    async (state: Draft): Promise<Draft> => ({ ...state, draft: `about ${state.facts}` }),
  );
  await guard.run("monday", async () => write(await research({})));
  works = false;
  await guard.run("tuesday", async () => write(await research({ facts: "old" })));
  return { guard };
}

/** An audit ledger whose file cannot be made: its rows wait, and those for which there is no room are dropped. */
export function useBrokenLedger(path: string): Ledger {
  const ledger = sqliteLedger({ path, bufferRows: 5 });
  for (let i = 0; i < 9; i++) ledger.record({ kind: "failure", subject: "desk" });
  return ledger;
}

/** Alerts with a channel that takes them and one that does not. */
export function startAlerts() {
  const modes = failureModes();
  const told = alerts({
    healthEveryMs: 1_000,
    channels: [
      { name: "desk", maxPerMinute: 3, send: async () => undefined },
      {
        name: "broken",
        maxPerMinute: 3,
        send: async () => {
          throw new Error("nobody there");
        },
      },
    ],
  });
  return { modes, told };
}
