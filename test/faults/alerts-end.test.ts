import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("./programs/alerts-end.ts", import.meta.url));

it("an alert that nobody answers holds no program", async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => {})));
  const connected = once(server, "connection");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const child = spawn(process.execPath, [PROGRAM, url], { stdio: ["pipe", "pipe", "inherit"] });
  const stdout = text(child.stdout);
  await connected;
  const from = performance.now();
  child.stdin.end();
  await once(child, "exit");
  expect(await stdout).toBe("done\n");
  expect(sockets).toHaveLength(1);
  // The time limit of the message is five seconds.
  expect(performance.now() - from).toBeLessThan(4_000);
  for (const socket of sockets) socket.destroy();
  server.close();
});
