import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";

/** A run on the disk, and where nothing of it may be read or written. */
export interface Victim {
  /** Of the run: the folder that is named by a number. */
  readonly folder: string;
  readonly outside: string;
}

const FILES = ["run.json", "status.json", "step-000000.json", "step-000001.json"] as const;
const DEEP = 100_000;

/** Texts that ended badly in other programs. */
const GADGETS: readonly string[] = [
  '{"lc":1,"type":"constructor","id":["langchain","llms","openai","OpenAI"],"kwargs":{"apiKey":{"lc":1,"type":"secret","id":["HOME"]}}}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"a":{"__proto__":{"polluted":true},"toString":1}}',
  '{"json":{"a":1},"meta":{"values":{"a":["Date"]},"referentialEqualities":{"__proto__.polluted":["a"]}}}',
  '{"type":"Buffer","data":[99,111,100,101]}',
  '{"$type":"System.Diagnostics.Process","$value":"id"}',
  '{"rce":"_$$ND_FUNC$$_function(){globalThis.polluted=true}()"}',
  "[".repeat(DEEP) + "]".repeat(DEEP),
  `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`,
  '{"a":1e999,"b":-1e999,"c":123456789012345678901234567890}',
  `[${"0,".repeat(200_000)}0]`,
  '"\\u0000\\ud800"',
  "null",
  "[]",
  "{}",
  "NaN",
  "",
];

/** Values for a field that ought to be a text or a number. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  "",
  "x".repeat(70_000),
  [],
  {},
  { toString: 1 },
  ["running"],
  "__proto__",
  "constructor",
  "../../../etc/passwd",
  '{"__proto__":{"polluted":true}}',
  "{",
  Number.MAX_SAFE_INTEGER,
];

/** Does something to the checkpoint. */
export interface Mutation {
  readonly name: string;
  readonly apply: (victim: Victim) => void;
}

const fileOf = fc.constantFrom(...FILES);
const change = (path: string, how: (bytes: Buffer) => Buffer) => writeFileSync(path, how(readFileSync(path)));

const onFile = (
  name: string,
  how: fc.Arbitrary<(path: string, victim: Victim) => void>,
): fc.Arbitrary<Mutation> =>
  fc.tuple(fileOf, how).map(([file, apply]) => ({
    name: `${name} in ${file}`,
    apply: (victim) => apply(join(victim.folder, file), victim),
  }));

const bytes = onFile(
  "random bytes",
  fc.uint8Array({ maxLength: 400 }).map((data) => (path) => writeFileSync(path, data)),
);
const truncated = onFile(
  "cut off",
  fc.double({ min: 0, max: 0.999, noNaN: true }).map((share) => (path) => {
    change(path, (data) => data.subarray(0, Math.floor(data.length * share)));
  }),
);
const flipped = onFile(
  "a flipped bit",
  fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(7)).map(([share, bit]) => (path) => {
    change(path, (data) => {
      data[Math.floor(data.length * share)]! ^= 1 << bit;
      return data;
    });
  }),
);
const gadget = onFile(
  "a gadget",
  fc.tuple(fc.constantFrom(...GADGETS), fc.constantFrom("bare", "sealed", "as first line")).map(
    ([text, how]) =>
      (path) =>
        writeFileSync(path, how === "bare" ? text : how === "sealed" ? seal(text) : `${text}\n{}\n`),
  ),
);
const field = onFile(
  "a field of another kind",
  fc.tuple(fc.nat(20), fc.constantFrom(...VALUES)).map(([n, value]) => (path) => {
    const fields = JSON.parse(readFileSync(path, "utf8").split("\n")[1]!) as Record<string, unknown>;
    const names = Object.keys(fields);
    writeFileSync(path, seal(JSON.stringify({ ...fields, [names[n % names.length]!]: value })));
  }),
);
const innerJson = onFile(
  "a gadget in a field",
  fc.constantFrom(...GADGETS).map((text) => (path) => {
    const fields = JSON.parse(readFileSync(path, "utf8").split("\n")[1]!) as Record<string, unknown>;
    const name = ["initial", "failure", "output"].find((each) => each in fields)!;
    writeFileSync(path, seal(JSON.stringify({ ...fields, [name]: text })));
  }),
);
const misplaced = onFile(
  "something else in its place",
  fc.constantFrom(
    (path: string, { outside }: Victim) => {
      // The right text, in a file that is somebody else's.
      cpSync(path, join(outside, "copy.json"));
      rmSync(path);
      symlinkSync(join(outside, "copy.json"), path);
    },
    (path: string) => {
      rmSync(path);
      symlinkSync("/dev/zero", path);
    },
    (path: string) => {
      rmSync(path);
      mkdirSync(path);
    },
    (path: string) => truncateSync(path, 8_000_000_000),
  ),
);
const folder: fc.Arbitrary<Mutation> = fc.constantFrom(
  {
    name: "a link in place of the folder",
    apply: ({ folder, outside }) => {
      cpSync(folder, join(outside, "folder"), { recursive: true });
      rmSync(folder, { recursive: true });
      symlinkSync(join(outside, "folder"), folder);
    },
  },
  {
    name: "a link in place of the run",
    apply: ({ folder, outside }) => {
      renameSync(dirname(folder), join(outside, "run"));
      symlinkSync(join(outside, "run"), dirname(folder));
    },
  },
  {
    name: "a file in place of the run",
    apply: ({ folder }) => {
      rmSync(dirname(folder), { recursive: true });
      writeFileSync(dirname(folder), "");
    },
  },
  { name: "no status", apply: ({ folder }) => rmSync(join(folder, "status.json")) },
  { name: "no first step", apply: ({ folder }) => rmSync(join(folder, "step-000000.json")) },
  {
    name: "an empty folder",
    apply: ({ folder }) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    },
  },
);

export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  bytes,
  truncated,
  flipped,
  gadget,
  { arbitrary: field, weight: 3 },
  innerJson,
  misplaced,
  folder,
);

/** As somebody would who knows how. */
export function seal(body: string, version: unknown = 1): string {
  const sha256 = createHash("sha256").update(body).digest("hex");
  return `${JSON.stringify({ v: version, sha256 })}\n${body}\n`;
}

const PARTS = [
  "..",
  "/",
  "\\",
  "%2e%2e",
  "%2f",
  "CON",
  "NUL",
  "aux.txt",
  "__proto__",
  "constructor",
  ".",
  "~",
  "$HOME",
  "`id`",
];
const MORE = [
  "\n",
  "\r",
  "\t",
  "\u001b[2J",
  "\u202e",
  "\ufeff",
  "é",
  "e\u0301",
  "\u{1f600}",
  "\u{10ffff}",
  " ",
  "'",
  '"',
  "*",
  "?",
  ":",
  "|",
  "a",
];

/** Ids that leave their folder, or are none, where they become the name of a file. */
export const hostileIds: fc.Arbitrary<string> = fc.oneof(
  {
    arbitrary: fc
      .array(fc.constantFrom(...PARTS, ...MORE), { minLength: 1, maxLength: 8 })
      .map((all) => all.join("")),
    weight: 4,
  },
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  fc.constantFrom(...PARTS, ...MORE).map((part) => part.repeat(4_096).slice(0, 1_024)),
  fc.constantFrom("../".repeat(1_365), "x".repeat(4_096), "/etc/passwd", "C:\\Windows", "file:///etc/passwd"),
  fc.tuple(fc.string(), fc.string()).map(([a, b]) => `${a}\0${b}`),
  fc.constantFrom("", "x".repeat(4_097), "\ud800", "a\udc00b"),
);
