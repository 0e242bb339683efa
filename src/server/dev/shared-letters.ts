import { MetricSources } from "../../telemetry/metric-sources.ts";
import { type DeadLetterQueue, deadLetterQueue } from "../../work/dead-letter-queue.ts";
import { letterSource } from "../in-process/letter-source.ts";
import type { LetterSource } from "../sources/sources.ts";
import type { SharedPlace } from "./shared-place.ts";

/** Far more than a program has. */
const MOST_QUEUES = 100;

/** Dead letters of the application, in the database that it shares. A replay is asked for here, and done by who serves it there. */
export function sharedLetters(place: SharedPlace): LetterSource {
  const known = new Map<string, DeadLetterQueue>();
  // What this process counts is nobody's business.
  const metrics = new MetricSources();
  const source = async (): Promise<LetterSource> => {
    const { store } = place;
    const names = (await store?.deadLetters?.queues()) ?? [];
    const served = names.slice(0, MOST_QUEUES).map((name) => {
      const queue = known.get(name) ?? deadLetterQueue({ name, store: store!, metrics });
      known.set(name, queue);
      return { queue };
    });
    return letterSource(served);
  };
  return {
    list: async (query) => (await source()).list(query),
    replay: async (queue, id) => (await source()).replay(queue, id),
    resolve: async (queue, id, resolution) => (await source()).resolve(queue, id, resolution),
  };
}
