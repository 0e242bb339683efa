import { field } from "../../instrumentation/fields.ts";
import { safely } from "../../internal/warn-once.ts";
import type { Session } from "./session.ts";

type Query = AsyncGenerator<unknown, unknown, unknown>;

/** The same query, whose messages pass by `session`. Methods that are not of a generator go through to it. */
export function tracedQuery(query: Query, session: Session): Query {
  const generator = new TracedGenerator(query, session);
  return new Proxy(query, {
    get(target, key, receiver: unknown) {
      switch (key) {
        case "next":
        case "return":
        case "throw":
          return generator[key].bind(generator);
        case Symbol.asyncIterator:
          return () => receiver;
        case Symbol.asyncDispose:
          return async () => void (await generator.return(undefined));
        case "close":
          return (...args: unknown[]) => generator.close(args);
        case "interrupt":
          return (...args: unknown[]) => generator.interrupt(args);
      }
      const value: unknown = Reflect.get(target, key, target);
      // The class of the SDK has private fields: its methods need the object itself.
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

class TracedGenerator {
  readonly #query: Query;
  readonly #session: Session;

  constructor(query: Query, session: Session) {
    this.#query = query;
    this.#session = session;
  }

  async next(): Promise<IteratorResult<unknown, unknown>> {
    for (;;) {
      const result = await this.#asked(() => this.#query.next());
      if (result.done) {
        this.#session.end();
        return result;
      }
      await this.#session.before(result.value);
      const shown = this.#session.message(result.value);
      const { refusal } = this.#session;
      if (refusal !== undefined) {
        this.#stop();
        this.#session.fail(refusal);
        throw refusal;
      }
      if (shown) return result;
    }
  }

  async return(value: unknown): Promise<IteratorResult<unknown, unknown>> {
    const result = await this.#asked(() => this.#query.return(value));
    this.#session.leave();
    return result;
  }

  async throw(error: unknown): Promise<IteratorResult<unknown, unknown>> {
    return this.#asked(() => this.#query.throw(error));
  }

  close(args: readonly unknown[]): unknown {
    this.#session.leave();
    return this.#call("close", args);
  }

  interrupt(args: readonly unknown[]): unknown {
    this.#session.interrupted();
    return this.#call("interrupt", args);
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.#session.fail(error);
      throw error;
    }
  }

  #call(name: string, args: readonly unknown[]): unknown {
    const method = field(this.#query, name);
    return typeof method === "function" ? Reflect.apply(method, this.#query, args) : undefined;
  }

  /** Ends the other process, which would go on. */
  #stop(): void {
    safely("ending a query of the Claude Agent SDK", () => {
      if (typeof field(this.#query, "close") === "function") this.#call("close", []);
      else return this.#query.return(undefined);
      return undefined;
    });
  }
}
