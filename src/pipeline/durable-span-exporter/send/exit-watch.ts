import type { Deadline } from "./deadline.ts";

// A call is looked at when it is there at two ticks in a row: above what it takes where all is well.
const LOOK_MS = 250;
// What a connection waits for that cannot be unref'd: an address, a connection, and a receiver that does not read.
const WAITS = /(?:GetAddrInfo|Connect|Write|Shutdown)\w*Wrap$/;
// Streams of the process are listed as active, though they hold nothing while nobody reads.
const STANDARD_STREAMS = /^(?:Pipe|TTY)Wrap$/;

/**
 * Ends the calls that are the only thing that keeps the process alive. An unref'd connection does not, but while it
 * connects or writes the event loop waits for it all the same: a receiver behind a broken network would hold a program that
 * is done for the whole timeout.
 *
 * A flush holds the process by its timer, so it is not cut short. What else holds a process cannot always be seen (a pipe
 * that is read, a native module), so this is done once: a wrong guess costs one early retry.
 */
export class ExitWatch {
  readonly #calls = new Set<Deadline>();
  #timer: NodeJS.Timeout | undefined;
  #oldest: Deadline | undefined;
  #done = false;

  add(call: Deadline): void {
    this.#calls.add(call);
    if (!this.#done) this.#timer ??= setInterval(() => this.#tick(), LOOK_MS).unref();
  }

  delete(call: Deadline): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#oldest = undefined;
  }

  #tick(): void {
    const before = this.#oldest;
    [this.#oldest] = this.#calls;
    if (this.#oldest !== before || !this.#holdsAlone()) return;
    this.#done = true;
    this.#stop();
    for (const call of this.#calls) call.end("exit");
  }

  #holdsAlone(): boolean {
    // Experimental in Node: where it went away, a program would end later, no more.
    const active = process.getActiveResourcesInfo?.() ?? [];
    const holding = active.filter((name) => !STANDARD_STREAMS.test(name));
    // With none at all there would be no tick: something that is not listed holds the process.
    if (holding.length === 0 || holding.length > this.#calls.size) return false;
    return holding.every((name) => WAITS.test(name));
  }
}
