import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Bounds the connections of a server. Where there are too many, that goes which has been idle for longest: who only holds connections keeps
 * nobody out. Where all are at work the new one goes.
 */
export function limitConnections(server: Server, most: number): void {
  /** In the order of their last use. */
  const idle = new Set<Socket>();
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size <= most) return;
    const [oldest = socket] = idle;
    oldest.destroy();
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (open.has(socket)) idle.add(socket);
    });
  });
}
