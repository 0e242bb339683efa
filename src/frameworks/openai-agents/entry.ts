import type { Context } from "@opentelemetry/api";
import { type Opened, openSpan } from "./open-span.ts";
import type { Run } from "./run.ts";
import type { SdkSpan } from "./sdk.ts";

/** One span of the SDK. What it is with us is opened when it begins, or before that where something inside of it asks. */
export class Entry {
  /** The SDK's own object; a copy of it until the SDK has told of it. */
  span: SdkSpan;
  readonly parent: Entry | undefined;
  /** Of a handoff: its target has begun. */
  taken = false;
  readonly #run: Run;
  #opened: Opened | undefined;
  #ended = false;

  constructor(span: SdkSpan, run: Run) {
    this.span = span;
    this.#run = run;
    this.parent = span.parentId === null ? undefined : run.entries.get(span.parentId);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** For what is inside of it. */
  get context(): Context {
    this.#opened ??= this.#run.opening(this.parent?.context ?? this.#run.context, (parent) =>
      openSpan(this, parent, this.#run),
    );
    return this.#opened.context;
  }

  /** The id of what is around the agent that it belongs to. */
  get aroundAgent(): string | null {
    for (let entry: Entry | undefined = this; entry !== undefined; entry = entry.parent)
      if (entry.span.spanData.type === "agent") return entry.span.parentId;
    return null;
  }

  open(): void {
    if (!this.#ended) void this.context;
  }

  /** @param left Nobody will tell of its end. */
  end(left = false): void {
    if (this.#ended) return;
    this.open();
    this.#ended = true;
    this.#opened?.finish(this.span, left);
  }
}
