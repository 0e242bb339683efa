// Records, and ends in the way that is named, without waiting for anything. Arguments: URL, `end`, `listen` (the same, while it
// hears a channel) or `exit`.
import { DiagConsoleLogger, diag } from "@opentelemetry/api";
import { PostgresDatabase } from "../../../src/stores/postgres/postgres-database.ts";
import { postgresLedger } from "../../../src/stores/postgres/postgres-ledger.ts";

const [url = "", way = "end"] = process.argv.slice(2);
diag.setLogger(new DiagConsoleLogger());
if (way === "listen") await new PostgresDatabase(url).listen("agent_otel_test", () => {});
const ledger = postgresLedger({ url, groupMs: 10_000, groupRows: 64 });
ledger.record({ kind: "failure", subject: "first" });
for (let i = 0; i < 300; i++) ledger.record({ kind: "failure", subject: `late ${i}` });
if (way === "exit") process.exit(0);
