import { APIS, type Api } from "./apis.ts";
import type { Expected, Way } from "./scene.ts";

/** One cell of a row: an API, read or left in one way. */
export interface Case {
  /** Also the model that it asks for, by which its request and its span are known. */
  readonly id: string;
  readonly api: Api;
  readonly mode: "plain" | "stream";
  readonly way: Way;
  readonly expected: Expected;
}

export function casesOf(packageName: string): readonly Case[] {
  return (APIS[packageName] ?? []).flatMap((api) => [
    ...api.plain.map((way) => oneCase(api, "plain", way)),
    ...api.streamed.map((way) => oneCase(api, "stream", way)),
  ]);
}

function oneCase(api: Api, mode: Case["mode"], way: Way): Case {
  return { id: `${api.name}, ${mode}, ${way.name}`, api, mode, way, expected: way.expected(api.facts) };
}
