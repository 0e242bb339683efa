import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { canonicalHost, destinationOfUrl } from "../../../src/pipeline/propagation/host-name.ts";
import { ALLOWED, spellings } from "./support/spellings.ts";

function allows(entries: readonly string[], url: string): boolean {
  return hostAllowList(entries).allows(destinationOfUrl(url));
}

describe("an allow list", () => {
  it.each(spellings())("judges $authority: listed $listed", ({ authority, listed }) => {
    expect(allows(ALLOWED, `http://${authority}/`)).toBe(listed);
  });

  it("allows this machine alone when it is empty", () => {
    const hosts = [
      "localhost",
      "127.0.0.1",
      "127.8.9.1",
      "[::1]",
      "10.0.0.1",
      "db",
      "a.localhost",
      "0.0.0.0",
    ];
    expect(hosts.filter((host) => allows([], `http://${host}:81/`))).toEqual(hosts.slice(0, 4));
  });

  it("takes the default port of the scheme where a URL has none", () => {
    const entries = ["a.example:443", "b.example:80"];
    const urls = ["https://a.example", "http://a.example", "http://b.example", "https://b.example"];
    expect(urls.filter((url) => allows(entries, url))).toEqual([urls[0], urls[2]]);
  });

  it("allows every host with *, one without a usable name too", () => {
    expect(hostAllowList(["*"]).allows({ host: undefined, port: undefined })).toBe(true);
  });

  it("keeps each port of a host that is listed with several, and all once one entry has none", () => {
    const ports = (entries: readonly string[]) =>
      [1, 2, 3].filter((port) => allows(entries, `http://a.example:${port}`));
    expect(ports(["a.example:1", "a.example:3"])).toEqual([1, 3]);
    expect(ports(["a.example:1", "a.example"])).toEqual([1, 2, 3]);
  });

  it("does not match an entry with a port where the port is not known", () => {
    expect(hostAllowList(["a.example:80"]).allows({ host: "a.example", port: undefined })).toBe(false);
  });

  it.each([
    "",
    ".",
    "*.",
    "..example.com",
    "a..example.com",
    "*example.com",
    "a.*.com",
    "http://a.example",
    "a.example/path",
    "user:pw@a.example",
    "a.example:",
    "a.example:0",
    "a.example:65536",
    "a.example:http",
    "::1",
    "[::1",
    "[::g]",
    "*.10.0.0.1",
    ".[::1]",
    "10.0.0.0/8",
    "999.1.1.1",
    "a b.example",
    "fe80::1%eth0",
  ])("refuses %j with the option's name", (entry) => {
    expect(() => hostAllowList(["ok.example", entry], "start: propagateTo")).toThrow(TypeError);
    expect(() => hostAllowList([entry], "start: propagateTo")).toThrow(
      /^start: propagateTo must name hosts, .* got "/,
    );
  });

  it("quotes the entry, but no password in it", () => {
    expect(() => hostAllowList(["a b.example"])).toThrow('got "a b.example"');
    expect(() => hostAllowList(["https://u:secret@a.example"])).toThrow(/^(?!.*secret)/);
  });

  it("refuses what is no text", () => {
    expect(() => hostAllowList([7 as unknown as string])).toThrow("got 7");
  });
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));

describe("for any name", () => {
  it("a suffix matches what has a dot before it, and nothing else", () => {
    fc.assert(
      fc.property(name, label, (host, more) => {
        const list = hostAllowList([`.${host}`]);
        const judged = [`${more}.${host}`, host, `${more}${host}`, `${host}.${more}`].map((each) =>
          list.allows({ host: each, port: 80 }),
        );
        expect(judged).toEqual([true, false, false, false]);
      }),
    );
  });

  it("case and a trailing dot make no difference", () => {
    fc.assert(
      fc.property(name, (host) => {
        expect(canonicalHost(`${host.toUpperCase()}.`)).toBe(canonicalHost(host));
      }),
    );
  });
});

describe("a raw host, as node:http is given it", () => {
  it.each([
    ["2130706433", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["::1", "::1"],
    ["[::1]", "::1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["BÜCHER.example.", "xn--bcher-kva.example"],
  ])("%s is %s", (raw, canonical) => {
    expect(canonicalHost(raw)).toBe(canonical);
  });

  it.each([
    "listed.example@evil.example",
    "evil.example@listed.example",
    "listed.example/../evil.example",
    "listed.example#.evil.example",
    "listed.example?.evil.example",
    "listed.example\\.evil.example",
    "listed%2eexample",
    "listed.\texample",
    "listed.example:80",
    "[::1]:80",
    "fe80::1%eth0",
    "",
    ".",
  ])("%j is none that could be listed", (raw) => {
    expect(canonicalHost(raw)).toBeUndefined();
  });
});
