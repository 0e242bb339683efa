import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { portOf } from "../send/support.ts";

// Above the start of a process on a busy machine, below the timeout of 30 s that the program's exporter has.
const SOON_MS = 10_000;

/** Takes connections, and reads nothing. */
async function deafServer(): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.on("connection", (socket) =>
    socket
      .on("error", () => {})
      .resume()
      .pause(),
  );
  return server;
}

it("two endpoints that do not read what is written hold no process that has nothing else to do", async () => {
  const servers = [await deafServer(), await deafServer()];
  const path = fileURLToPath(new URL("./exports-and-ends.ts", import.meta.url));
  const startMs = performance.now();
  const urls = servers.map((server) => `http://127.0.0.1:${portOf(server)}/v1/traces`);
  const child = spawn(process.execPath, [path, ...urls], { stdio: "ignore" });
  const killed = setTimeout(() => child.kill("SIGKILL"), 40_000);
  const [code] = await once(child, "close");
  clearTimeout(killed);
  for (const server of servers) server.close();
  expect(code).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(SOON_MS);
});
