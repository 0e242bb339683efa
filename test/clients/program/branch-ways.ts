import { left, whole } from "./expected.ts";
import type { Runner, Scene, Way } from "./scene.ts";
import { seeAll, seeSome } from "./see.ts";
import { EARLY_EVENTS } from "./wire.ts";

/** What the helper ends with, once it has been left: a rejection that the caller handles. */
async function seeFinal(scene: Scene, runner: Runner): Promise<void> {
  try {
    scene.see(await scene.final(runner));
  } catch (error) {
    scene.see(error);
  }
}

/** Ways of reading one stream by several readers, in another form, or through the client's own helpers. */
export const branchWays: readonly Way[] = [
  {
    name: "tee",
    server: "all",
    async play(scene) {
      const [one, other] = (await scene.stream()).tee();
      await seeAll(scene, one);
      await seeAll(scene, other);
    },
    expected: whole,
  },
  {
    name: "tee, one branch left",
    server: "all",
    async play(scene) {
      const [one, other] = (await scene.stream()).tee();
      await seeSome(scene, one, 1);
      await seeAll(scene, other);
    },
    expected: whole,
  },
  {
    name: "tee, both branches left",
    server: "begin",
    async play(scene) {
      const [one, other] = (await scene.stream()).tee();
      await seeSome(scene, one, 1);
      await seeSome(scene, other, 2);
    },
    // Clients below openai 7 do not tell the source that nobody reads any more.
    expected: (facts) => ({ ...left(facts), cancelled: "as without", late: true }),
  },
  {
    name: "iterated twice",
    server: "all",
    async play(scene) {
      const stream = await scene.stream();
      await seeAll(scene, stream);
      await seeAll(scene, stream);
    },
    expected: whole,
  },
  {
    name: "iterated twice at once",
    server: "all",
    async play(scene) {
      const stream = await scene.stream();
      await Promise.all([seeAll(scene, stream), seeAll(scene, stream)]);
    },
    expected: whole,
  },
  {
    name: "awaited twice",
    server: "all",
    async play(scene) {
      const asked = scene.stream();
      const stream = await asked;
      scene.see([stream === (await asked), Object.keys(asked), Object.keys(stream), stream.constructor.name]);
      await seeAll(scene, stream);
    },
    expected: whole,
  },
  {
    name: "withResponse",
    server: "all",
    async play(scene) {
      const { data, response, request_id } = await scene.stream().withResponse();
      scene.see([request_id, response.bodyUsed]);
      scene.see(response);
      await seeAll(scene, data);
    },
    expected: whole,
  },
  {
    name: "toReadableStream",
    server: "all",
    play: async (scene) => scene.see(await new Response((await scene.stream()).toReadableStream()).text()),
    expected: whole,
  },
  {
    name: "toReadableStream, cancelled",
    server: "begin",
    async play(scene) {
      const reader = (await scene.stream()).toReadableStream().getReader();
      for (let n = 0; n < EARLY_EVENTS - 1; n += 1) {
        scene.see(Buffer.from((await reader.read()).value ?? []).toString());
      }
      await reader.cancel();
    },
    expected: left,
  },
  {
    name: "stream helper, read",
    server: "all",
    async play(scene) {
      const runner = scene.helper();
      await seeAll(scene, runner);
      await seeFinal(scene, runner);
    },
    expected: whole,
  },
  {
    name: "stream helper, final answer only",
    server: "all",
    play: (scene) => seeFinal(scene, scene.helper()),
    expected: whole,
  },
  {
    name: "stream helper, break",
    server: "begin",
    async play(scene) {
      const runner = scene.helper();
      await seeSome(scene, runner, EARLY_EVENTS);
      await seeFinal(scene, runner);
    },
    expected: left,
  },
  {
    name: "stream helper, abort()",
    server: "begin",
    async play(scene) {
      const runner = scene.helper();
      let seen = 0;
      try {
        for await (const item of runner) {
          scene.see(item);
          seen += 1;
          if (seen === EARLY_EVENTS) runner.abort();
        }
      } catch (error) {
        scene.see(error);
      }
      await seeFinal(scene, runner);
    },
    expected: left,
  },
];

/** OpenAI's chat streams alone bring usage only on demand. */
export const chatWays: readonly Way[] = [
  {
    name: "usage asked for",
    server: "all",
    async play(scene) {
      await seeAll(scene, await scene.stream({ body: { stream_options: { include_usage: true } } }));
    },
    expected: whole,
  },
  {
    name: "usage refused",
    server: "all",
    async play(scene) {
      await seeAll(scene, await scene.stream({ body: { stream_options: { include_usage: false } } }));
    },
    expected: ({ finish }) => ({ finish }),
  },
];
