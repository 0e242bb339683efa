import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, stackUp } from "./support/stack.ts";

const run = promisify(execFile);

let stack: Stack;

beforeAll(async () => {
  stack = await stackUp(23_400, ["redis", "postgres"]);
});

afterAll(() => stack?.down());

/** What Redis answers to one command, as it comes over the wire. */
async function redis(...words: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(stack.endpoint("redis", "redis"));
  const socket = connect(Number(port), hostname);
  try {
    socket.write(`*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}

function connection(password?: string): NodeJS.ProcessEnv {
  const url = new URL(stack.endpoint("postgres", "postgres"));
  return {
    PATH: process.env["PATH"],
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
    PGDATABASE: url.pathname.slice(1),
    PGPASSWORD: password ?? url.password,
  };
}

const psqlOptions = ["--no-psqlrc", "--no-align", "--tuples-only", "--quiet"];

async function psql(sql: string, password?: string): Promise<string> {
  const { stdout } = await run("psql", [...psqlOptions, "-c", sql], { env: connection(password) });
  return stdout.trim();
}

describe("Redis and PostgreSQL of scripts/stack", () => {
  it("start without the parts that were not named", async () => {
    expect(await stack.say("status")).toMatch(/collector +down.+redis +ready.+postgres +ready/s);
  });

  it("answer where the report says: Redis", async () => {
    expect(await redis("PING")).toBe("+PONG\r\n");
    expect(await redis("SET", "budget", "17")).toBe("+OK\r\n");
    expect(await redis("GET", "budget")).toBe("$2\r\n17\r\n");
  });

  it("answer where the report says: PostgreSQL, with a database of our own", async () => {
    expect(await psql("SELECT current_database(), current_setting('fsync')")).toBe("agent_otel|on");
  });

  it("let nobody into PostgreSQL without the password in its URL", async () => {
    await expect(psql("SELECT 1", "guessed")).rejects.toThrow("password authentication failed");
  });

  it("have their data again after SIGKILL and a restart that keeps it", async () => {
    await redis("SET", "kept", "yes");
    await psql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
    for (const part of ["redis", "postgres"]) stack.kill(part);
    for (const part of ["redis", "postgres"]) await stack.restart(part);
    expect(await redis("GET", "kept")).toBe("$3\r\nyes\r\n");
    expect(await psql("SELECT count(*), sum(n) FROM kept")).toBe("1000|500500");
  });

  it.each(["redis", "postgres"])("are told apart from running ones when killed: %s", async (part) => {
    stack.kill(part);
    expect(await stack.say("status", part)).toMatch(new RegExp(`^${part} +died`));
    await stack.restart(part);
  });

  it("stop while a client is connected, without being killed", async () => {
    const client = spawn("psql", psqlOptions, { env: connection(), stdio: ["pipe", "pipe", "ignore"] });
    const gone = once(client, "close");
    try {
      client.stdin.write("SELECT 'connected';\n");
      await Promise.race([
        once(client.stdout, "data"),
        gone.then(() => Promise.reject(new Error("psql ended"))),
      ]);
      expect(await stack.say("down", "postgres")).toBe("postgres: stopped\n");
    } finally {
      client.stdin.end();
      await gone;
    }
    await stack.restart("postgres");
  });
});
