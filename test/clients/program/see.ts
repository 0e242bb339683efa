import type { Scene } from "./scene.ts";
import { EARLY_EVENTS } from "./wire.ts";

/** What a rejection or an answer is to the caller. */
export async function seeOutcome(scene: Scene, answer: PromiseLike<unknown>): Promise<void> {
  try {
    scene.see(await answer);
  } catch (error) {
    scene.see(error);
  }
}

/** Reads to the end, or to a failure, and notes both. */
export async function seeAll(scene: Scene, items: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const item of items) scene.see(item);
    scene.see("end");
  } catch (error) {
    scene.see(error);
  }
}

/** Reads what the server sends before it falls silent. */
export async function seeBeginning(
  scene: Scene,
  items: AsyncIterator<unknown>,
  count = EARLY_EVENTS,
): Promise<void> {
  for (let n = 0; n < count; n += 1) scene.see(await items.next());
}

/** Reads some items, and breaks. */
export async function seeSome(scene: Scene, items: AsyncIterable<unknown>, count: number): Promise<void> {
  let seen = 0;
  for await (const item of items) {
    scene.see(item);
    seen += 1;
    if (seen === count) break;
  }
}
