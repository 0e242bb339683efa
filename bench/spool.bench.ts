// What keeping a frame on disk costs: over a bare append to one open file. Both with group fsync: one fdatasync for each
// batch of appends, one at a time. In turn within one process, in a folder of the system's temporary directory.
import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openDiskQueue } from "../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import type { Frame } from "../src/pipeline/durable-span-exporter/frame-queue.ts";
import { type Claim, report } from "./claims.ts";

const MOST = 1.3;
const ROUNDS = 61;
const WARM_UP_ROUNDS = 5;
const sync = promisify(fdatasync);
const silent = { dropped() {}, corrupt() {}, recovered() {} };

interface Size {
  readonly name: string;
  readonly bytes: number;
  /** Appended before one sync is awaited. */
  readonly group: number;
  readonly bound?: number;
}

/**
 * A batch of 512 spans is one frame, and at 16,000 spans a second 33 of them come in a second: 4 to a sync where each append is
 * synced, 16 with an interval of 500 ms. The exporter never writes so many small ones; what they cost is published.
 */
const SIZES: readonly Size[] = [
  { name: "frame of 60 KB, 4 a sync", bytes: 60_000, group: 4, bound: MOST },
  { name: "frame of 60 KB, 16 a sync", bytes: 60_000, group: 16, bound: MOST },
  { name: "one record of 416 B a sync", bytes: 416, group: 1, bound: MOST },
  { name: "records of 416 B, 512 a sync", bytes: 416, group: 512 },
];

interface Journal {
  append(body: Uint8Array): void;
  synced(): Promise<void>;
  close(): void;
}

function bare(directory: string): Journal {
  const path = join(directory, "bare");
  const fd = openSync(path, "a", 0o600);
  return {
    append: (body) => void writeSync(fd, body),
    synced: () => sync(fd),
    close: () => closeSync(fd),
  };
}

function spool(directory: string): Journal {
  const queue = openDiskQueue(
    { directory: join(directory, "spool"), durability: "fsync", maxBytes: 2 ** 30, minFreeBytes: 2 ** 20 },
    silent,
  );
  return {
    append: (body) => queue.append({ body, gzip: false, spans: 512, createdMs: 0 } satisfies Frame),
    synced: () => queue.synced(),
    close: () => queue.closeSync(),
  };
}

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly appendMs: number;
}

async function cost(journal: Journal, { bytes, group }: Size): Promise<Cost> {
  const body = Buffer.alloc(bytes, 7);
  const [cpu, from] = [process.cpuUsage(), performance.now()];
  for (let i = 0; i < group; i++) journal.append(body);
  const appendMs = performance.now() - from;
  await journal.synced();
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1_000, appendMs };
}

async function compare(size: Size): Promise<readonly Claim[]> {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-bench-"));
  const journals = { bare: bare(directory), spool: spool(directory) };
  const rounds: { bare: Cost; spool: Cost }[] = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    // Each other round the other way about, so that nobody always runs after the same neighbour.
    const first = round % 2 === 0 ? await cost(journals.bare, size) : undefined;
    const ours = await cost(journals.spool, size);
    const theirs = first ?? (await cost(journals.bare, size));
    if (round >= 0) rounds.push({ bare: theirs, spool: ours });
  }
  journals.bare.close();
  journals.spool.close();
  rmSync(directory, { recursive: true });
  const usual = (journal: "bare" | "spool", key: keyof Cost) =>
    lowerQuartile(rounds.map((round) => round[journal][key]));
  const ratio = (key: keyof Cost) => usual("spool", key) / usual("bare", key);
  const each = (key: keyof Cost) => {
    const [ours, theirs] = [usual("spool", key), usual("bare", key)].map((ms) =>
      Math.round((ms * 1e6) / size.group),
    );
    return `${ours} ns, bare ${theirs} ns`;
  };
  return [
    {
      claim: `${size.name}: appended and synced`,
      ...(size.bound !== undefined && { bound: size.bound }),
      measured: ratio("wallMs"),
      unit: "×",
      note: each("wallMs"),
    },
    {
      claim: `${size.name}: the append alone`,
      measured: ratio("appendMs"),
      unit: "×",
      note: each("appendMs"),
    },
    { claim: `${size.name}: CPU time`, measured: ratio("cpuMs"), unit: "×" },
  ];
}

/** Other users of a disk only ever add to the time that a sync takes, some of them a lot. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 2] ?? Number.NaN;
}

const claims: Claim[] = [];
for (const size of SIZES) claims.push(...(await compare(size)));
report("spool: a frame on disk, over a bare append with group fsync", claims);
