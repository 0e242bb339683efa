import { left, whole } from "./expected.ts";
import type { Way } from "./scene.ts";
import { EARLY_EVENTS } from "./wire.ts";

/** Ways of reading the body of a streamed answer past the client. */
export const rawWays: readonly Way[] = [
  {
    name: "asResponse",
    server: "all",
    async play(scene) {
      const response = await scene.stream().asResponse();
      scene.see(response);
      scene.see(await response.text());
    },
    expected: whole,
  },
  {
    name: "asResponse, body read",
    server: "all",
    async play(scene) {
      const { body } = await scene.stream().asResponse();
      const pieces: Uint8Array[] = [];
      for await (const piece of body ?? []) pieces.push(piece);
      scene.see(Buffer.concat(pieces).toString());
    },
    expected: whole,
  },
  {
    name: "asResponse, cloned",
    server: "all",
    async play(scene) {
      const response = await scene.stream().asResponse();
      const copy = response.clone();
      scene.see([await response.text(), await copy.text(), response.bodyUsed]);
    },
    expected: whole,
  },
  {
    name: "asResponse, looked at and cloned",
    server: "all",
    async play(scene) {
      const response = await scene.stream().asResponse();
      const { body } = response;
      scene.see([body?.locked, body === response.body]);
      const copy = response.clone();
      scene.see(copy);
      scene.see([await copy.text(), response.bodyUsed, await response.text()]);
      try {
        scene.see(response.clone());
      } catch (error) {
        scene.see(error);
      }
    },
    expected: whole,
  },
  {
    name: "asResponse, unread",
    server: "all",
    play: async (scene) => scene.drop(await scene.stream().asResponse()),
    expected: () => ({ finish: "error", cancelled: "as without", late: true }),
  },
  {
    name: "asResponse, body cancelled",
    server: "begin",
    async play(scene) {
      const response = await scene.stream().asResponse();
      await response.body?.cancel();
      scene.see(response.bodyUsed);
    },
    expected: () => ({ finish: "error", cancelled: true }),
  },
  {
    name: "asResponse, body left",
    server: "begin",
    async play(scene) {
      const { body } = await scene.stream().asResponse();
      const decoder = new TextDecoder();
      let text = "";
      for await (const piece of body ?? []) {
        text += decoder.decode(piece, { stream: true });
        if (text.split("\n\n").length > EARLY_EVENTS) break;
      }
      scene.see(text);
    },
    expected: left,
  },
];
