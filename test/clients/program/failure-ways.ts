import { left } from "./expected.ts";
import type { Way } from "./scene.ts";
import { seeAll, seeBeginning, seeOutcome } from "./see.ts";

/** Ways in which a stream fails without the caller. */
export const failureWays: readonly Way[] = [
  {
    name: "refused",
    server: "refuse",
    play: (scene) => seeOutcome(scene, scene.stream()),
    expected: () => ({ finish: "error", failed: true }),
  },
  {
    name: "cut in the middle",
    server: "cut",
    async play(scene) {
      const items = (await scene.stream())[Symbol.asyncIterator]();
      await seeBeginning(scene, items);
      scene.release();
      await seeOutcome(scene, items.next());
    },
    expected: (facts) => ({ ...left(facts), failed: true }),
  },
  {
    name: "error event",
    server: "fail",
    play: async (scene) => seeAll(scene, await scene.stream()),
    expected: (facts) => ({ ...left(facts), failed: true, cancelled: "as without" }),
  },
];
