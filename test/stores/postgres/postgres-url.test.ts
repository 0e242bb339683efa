import { describe, expect, it } from "vitest";
import { loadPg } from "../../../src/stores/postgres/load-pg.ts";
import { errorText } from "../../../src/stores/postgres/postgres-errors.ts";
import { postgresLedger } from "../../../src/stores/postgres/postgres-ledger.ts";
import { postgresUrl } from "../../../src/stores/postgres/postgres-url.ts";

describe("the URL of a PostgreSQL", () => {
  it.each([
    [
      "postgres://jane:hunter2@db.example.org:5433/app?sslpassword=hunter2",
      "postgres://jane@db.example.org:5433/app",
    ],
    ["postgresql://db/app", "postgresql://db/app"],
    ["postgres:///app?host=/run/postgresql", "postgres:///app"],
    ["postgres://jane:a%40b%2Fc@db/app", "postgres://jane@db/app"],
  ])("%s is shown without what is secret", (url, shown) => {
    expect(postgresUrl(url)).toEqual({ connection: url, shown });
  });

  it.each([
    [undefined],
    [5],
    [""],
    ["db.example.org/app"],
    ["mysql://jane:hunter2@db/app"],
    ["postgres://jane:hunter2/x@db/app"],
    ["postgres://jane:12/hunter2@db/app"],
    ["postgres://jane:hunter2@db:port/app"],
  ])("%j is refused, with a message that repeats nothing of it", (url) => {
    expect(() => postgresLedger({ url: url as string })).toThrow(TypeError);
    expect(() => postgresLedger({ url: url as string })).toThrow(/^postgres: url must /);
    expect(() => postgresLedger({ url: url as string })).not.toThrow(/hunter2|jane/);
  });
});

describe("the package pg", () => {
  it("is asked for by name where it is not installed", async () => {
    const missing = () => Promise.reject(new Error("Cannot find package 'pg'"));
    await expect(loadPg("postgres://db/app", missing)).rejects.toMatchObject({
      code: "store_unusable",
      path: "postgres://db/app",
      message: 'Store "postgres://db/app" needs the package "pg": npm install pg',
    });
  });
});

describe("the text of an error", () => {
  it("is what both addresses of a host have said", () => {
    const both = new AggregateError([
      new Error("connect ECONNREFUSED ::1:1"),
      new Error("connect ECONNREFUSED 127.0.0.1:1"),
    ]);
    expect(errorText(both)).toBe("connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1");
  });
});
