import { warnOnce } from "../../internal/warn-once.ts";
import type { Lifetime } from "./lifetime.ts";

interface Watched {
  readonly lifetime: Lifetime;
  readonly name: string;
}

/**
 * A stream that nobody read to its end, and nobody holds any more, would leave its span open for ever. The lifetime must not
 * refer to the stream, or the stream would never be garbage.
 */
const registry = new FinalizationRegistry<Watched>(({ lifetime, name }) => {
  warnOnce(
    `garbage:${name}`,
    `an answer or stream of "${name}" was dropped before it was awaited or read to its end; its span ends now. ` +
      "Await answers; read streams to the end, or leave them with break, return() or cancel().",
  );
  lifetime.leave();
});

/** Ends `lifetime` when `stream` becomes garbage. @returns A function to call when the stream has ended by itself. */
export function endWithGarbage(stream: object, lifetime: Lifetime, name: string): () => void {
  const token = {};
  registry.register(stream, { lifetime, name }, token);
  return () => {
    registry.unregister(token);
  };
}
