import { reportFailure } from "../../../internal/warn-once.ts";
import type { DropReason, Frame, FrameLane, LanedQueue, QueueListener, QueueSize } from "../frame-queue.ts";
import { adoptOrphans } from "./adopt.ts";
import { Appender } from "./appender.ts";
import { CursorKeeper } from "./cursor-keeper.ts";
import type { CheckedDiskQueueOptions } from "./disk-queue-options.ts";
import { Home } from "./home.ts";
import { Quarantine } from "./quarantine.ts";
import type { Handle, Segment } from "./segment.ts";
import { SegmentList } from "./segment-list.ts";
import { SpoolReader } from "./spool-reader.ts";
import { Syncer, syncDirectory } from "./syncer.ts";
import { attempt } from "./system-error.ts";

const BEAT_MS = 10_000;
const ADOPT_EVERY_BEATS = 6;
/** A newest segment with so much in it, all delivered, is deleted before the system has written it to the disk. */
const EARLY_SEAL_BYTES = 2 ** 20;

/** Frames in segment files. See `openDiskQueue`. */
export class DiskQueue implements LanedQueue {
  readonly #options: CheckedDiskQueueOptions;
  readonly #listener: QueueListener;
  readonly #home: Home;
  readonly #quarantine: Quarantine;
  readonly #segments = new SegmentList();
  readonly #syncer: Syncer;
  readonly #appender: Appender;
  readonly #reader: SpoolReader;
  readonly #cursor: CursorKeeper;
  readonly #timer: NodeJS.Timeout;
  readonly #out = new Map<Frame, Handle>();
  readonly #earlySealBytes: number;
  #beats = 0;
  #taking: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #closed = false;
  #finished = false;

  /** @throws the file system's error where `root` cannot be written to. */
  constructor(root: string, options: CheckedDiskQueueOptions, listener: QueueListener) {
    const { clock, durability, identity } = options;
    this.#options = options;
    this.#listener = listener;
    // Where each append is synced, it is on the disk already.
    this.#earlySealBytes = durability === "fsync" ? Number.POSITIVE_INFINITY : EARLY_SEAL_BYTES;
    const segments = this.#segments;
    const home = new Home(root, identity, clock);
    this.#home = home;
    this.#quarantine = new Quarantine(root);
    const directory = () => home.directory.path;
    const syncer = new Syncer({ durability, directory, onFailed: (segment) => this.#appender.seal(segment) });
    this.#syncer = syncer;
    const remove = (segment: Segment) => this.#remove(segment);
    const onSealed = (segment: Segment) => this.#removeIfSettled(segment);
    this.#appender = new Appender({ options, home, segments, syncer, listener, onSealed, remove });
    const onShorter = (segment: Segment) => this.#shorter(segment);
    this.#reader = new SpoolReader({ segments, listener, quarantine: this.#quarantine, onShorter });
    this.#cursor = new CursorKeeper(directory, () => segments.cursor, clock);
    if (durability !== "none") attempt(() => syncDirectory(root));
    this.#adopt();
    this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref();
  }

  get size(): QueueSize {
    return this.#segments.size();
  }

  append(frame: Frame): void {
    this.#append(frame, 0);
  }

  lane(lane: number): FrameLane {
    const segments = this.#segments;
    return {
      append: (frame) => this.#append(frame, lane),
      take: () => this.#take(lane),
      settle: (frame) => this.settle(frame),
      putBack: (frame) => this.putBack(frame),
      get size() {
        return segments.size(lane);
      },
    };
  }

  #append(frame: Frame, lane: number): void {
    let reason: DropReason | undefined;
    try {
      reason = this.#closed ? "shutdown" : this.#appender.append(frame, lane);
    } catch (error) {
      reportFailure("writing to the spool", error);
      reason = "write_failed";
    }
    if (reason !== undefined) this.#listener.dropped(reason, frame.spans);
  }

  synced(): Promise<void> {
    return this.#options.durability === "fsync" ? this.#syncer.flush() : Promise.resolve();
  }

  take(): Promise<Frame | undefined> {
    return this.#take(0);
  }

  #take(lane: number): Promise<Frame | undefined> {
    // One after the other: each begins where the one before has ended.
    const taken = this.#taking.then(() => this.#takeNext(lane));
    this.#taking = taken;
    return taken;
  }

  settle(frame: Frame): void {
    const handle = this.#out.get(frame);
    if (handle === undefined) return;
    this.#out.delete(frame);
    handle.segment.forget(handle);
    this.#shorter(handle.segment);
  }

  putBack(frame: Frame): void {
    const handle = this.#out.get(frame);
    if (handle !== undefined) handle.out = false;
    this.#out.delete(frame);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeSlowly();
    return this.#closing;
  }

  closeSync(): void {
    this.#stop();
    if (this.#finished) return;
    this.#syncer.flushSync();
    this.#finish();
  }

  async #closeSlowly(): Promise<void> {
    this.#stop();
    await this.#taking;
    await this.#syncer.flush();
    this.#finish();
  }

  #stop(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#syncer.stop();
  }

  #finish(): void {
    if (this.#finished) return;
    this.#appender.sealAll();
    this.#finished = true;
    this.#cursor.write();
    this.#syncer.stop();
    this.#home.directory.leave(!this.#segments.isEmpty);
    for (const { file } of this.#segments) file.letGo();
  }

  async #takeNext(lane: number): Promise<Frame | undefined> {
    if (this.#closed) return undefined;
    try {
      const next = await this.#reader.next(lane);
      if (next === undefined) return undefined;
      this.#out.set(next.frame, next.handle);
      if (!this.#closed) return next.frame;
      this.putBack(next.frame);
    } catch (error) {
      reportFailure("reading the spool", error);
    }
    return undefined;
  }

  /** Frames of it were settled or given up. */
  #shorter(segment: Segment): void {
    if (!this.#appender.isActive(segment)) this.#removeIfSettled(segment);
    else if (segment.isSettled && segment.end >= this.#earlySealBytes) this.#appender.seal(segment);
    if (!this.#finished) this.#cursor.changed();
  }

  #removeIfSettled(segment: Segment): void {
    if (segment.isSettled) this.#remove(segment);
  }

  #remove(segment: Segment): void {
    this.#segments.remove(segment);
    this.#syncer.forget(segment);
    // What was left at the end belongs to who adopts it.
    if (this.#finished) return;
    // Not synced: a file that comes back after a power cut only brings frames that were delivered.
    segment.file.unlink();
  }

  #beat(): void {
    attempt(() => this.#home.directory.beat());
    this.#beats += 1;
    if (this.#beats % ADOPT_EVERY_BEATS === 0) this.#adopt();
  }

  #adopt(): void {
    const { directory } = this.#home;
    if (!directory.isThere()) return;
    adoptOrphans({
      directory,
      us: this.#options.identity,
      quarantine: this.#quarantine,
      take: (segments) => this.#takeOver(segments),
      onUnreadable: () => {
        this.#listener.recovered(1, 0);
        this.#listener.corrupt(1, 0);
      },
    });
  }

  #takeOver(adopted: readonly Segment[]): void {
    for (const segment of adopted) this.#segments.add(segment);
    const frames = adopted.reduce((sum, each) => sum + each.unsettledFrames, 0);
    const spans = adopted.reduce((sum, each) => sum + each.unsettledSpans, 0);
    if (frames > 0) this.#listener.recovered(frames, spans);
    for (const segment of adopted) this.#removeIfSettled(segment);
    this.#cursor.write();
    if (this.#options.durability !== "none") {
      attempt(() => syncDirectory(this.#home.directory.path));
      attempt(() => syncDirectory(this.#home.root));
    }
    this.#appender.makeRoom();
  }
}
