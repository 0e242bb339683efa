import { join } from "node:path";
import { reply } from "./health.ts";
import type { Part } from "./part.ts";

export const redis: Part = {
  name: "redis",
  onlyWhenNamed: true,
  needs: [],
  packaged: {
    programs: ["redis-server"],
    atLeast: 7,
    packages: ["redis-server"],
    folders: () => [],
  },
  ports: [{ name: "redis", number: 6379, scheme: "redis" }],
  command: (place) => {
    const [host, port] = place.address("redis", "redis").split(":");
    return {
      file: join(place.program, "redis-server"),
      args: [
        ...["--bind", host!, "--port", port!, "--protected-mode", "yes", "--daemonize", "no"],
        // The log is written before a command is answered, so a kill loses nothing. It is never forced to disk: that would
        // help against a power cut only, and "everysec" may answer before it has written while the disk is busy.
        ...["--dir", place.data, "--save", "", "--appendonly", "yes", "--appendfsync", "no"],
      ],
      env: { LC_ALL: "C" }, // a locale that the machine lacks would end it
    };
  },
  ready: async (place, signal) =>
    (await reply(place.address("redis", "redis"), "*1\r\n$4\r\nPING\r\n", signal)).startsWith("+PONG"),
};
