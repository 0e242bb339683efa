import { execFile } from "node:child_process";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("./programs/alerts-end.ts", import.meta.url));

it("an alert that nobody answers holds no program", async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const from = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, url]);
  expect(stdout).toBe("done\n");
  expect(sockets).toHaveLength(1);
  // The time limit of the message is five seconds.
  expect(performance.now() - from).toBeLessThan(4_000);
  for (const socket of sockets) socket.destroy();
  server.close();
});
