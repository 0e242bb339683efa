import { setImmediate } from "node:timers/promises";
import { whole } from "./expected.ts";
import type { Expected, Way } from "./scene.ts";
import { seeOutcome } from "./see.ts";

const dropped = (): Expected => ({ late: true });
const failed = (): Expected => ({ failed: true });

/** Ways of reading and leaving an answer that comes in one piece. */
export const plainWays: readonly Way[] = [
  {
    name: "read",
    server: "all",
    play: async (scene) => scene.see(await scene.create()),
    expected: whole,
  },
  {
    name: "awaited twice",
    server: "all",
    async play(scene) {
      const asked = scene.create();
      const first = await asked;
      scene.see([first, first === (await asked), Object.keys(asked), asked.constructor.name]);
    },
    expected: whole,
  },
  {
    name: "withResponse",
    server: "all",
    async play(scene) {
      const { data, response, request_id } = await scene.create().withResponse();
      scene.see([data, request_id]);
      scene.see(response);
    },
    expected: whole,
  },
  {
    name: "asResponse",
    server: "all",
    async play(scene) {
      const response = await scene.create().asResponse();
      scene.see(response);
      scene.see(await response.text());
    },
    expected: whole,
  },
  {
    name: "asResponse, cloned",
    server: "all",
    async play(scene) {
      const response = await scene.create().asResponse();
      const copy = response.clone();
      scene.see([await copy.json(), await response.json(), response.bodyUsed]);
      await seeOutcome(scene, response.text());
    },
    expected: whole,
  },
  {
    name: "asResponse, unread",
    server: "all",
    play: async (scene) => scene.drop(await scene.create().asResponse()),
    expected: dropped,
  },
  {
    name: "asResponse and awaited",
    server: "all",
    async play(scene) {
      const asked = scene.create();
      const [response, answer] = await Promise.all([asked.asResponse(), asked]);
      scene.see([answer, response.bodyUsed]);
    },
    expected: whole,
  },
  {
    name: "parse helper",
    server: "all",
    play: async (scene) => scene.see(await scene.parse()),
    expected: whole,
  },
  {
    name: "abort before response",
    server: "silent",
    async play(scene) {
      const caller = new AbortController();
      const asked = scene.create({ signal: caller.signal });
      const seen = seeOutcome(scene, asked);
      await scene.reached;
      caller.abort();
      await seen;
    },
    expected: () => ({ failed: true, cancelled: true }),
  },
  {
    name: "abort in the body",
    server: "begin",
    async play(scene) {
      const caller = new AbortController();
      const seen = seeOutcome(scene, scene.create({ signal: caller.signal }));
      await scene.responded;
      await setImmediate();
      caller.abort();
      await seen;
    },
    expected: () => ({ failed: true, cancelled: true }),
  },
  {
    name: "never awaited",
    server: "all",
    play: async (scene) => scene.drop(scene.create()),
    expected: dropped,
  },
  {
    name: "refused",
    server: "refuse",
    play: (scene) => seeOutcome(scene, scene.create()),
    expected: failed,
  },
  {
    name: "cut in the body",
    server: "cut",
    async play(scene) {
      const seen = seeOutcome(scene, scene.create());
      await scene.responded;
      await setImmediate();
      scene.release();
      await seen;
    },
    expected: () => ({ failed: true, cancelled: "as without" }),
  },
];
