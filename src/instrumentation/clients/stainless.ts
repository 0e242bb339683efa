import type { Endpoint, PatchTarget } from "../endpoint.ts";
import { field } from "../fields.ts";

/**
 * The endpoints of a client that Stainless's generator made, by the path of their resource on an instance: `chat.completions`
 * is `client.chat.completions` there, and the class `Client.Chat.Completions`.
 */
export type Resources = readonly (readonly [string, Endpoint])[];

/** @param client The client's class. Resources that this version does not have are left out. */
export function classTargets(client: unknown, resources: Resources): readonly PatchTarget[] {
  return resources.flatMap(([path, endpoint]) => {
    const names = path.split(".").map((name) => name[0]?.toUpperCase() + name.slice(1));
    return target(field(follow(client, names), "prototype"), endpoint);
  });
}

/** @param client An instance. Resources that it does not have are left out. */
export function instanceTargets(client: object, resources: Resources): readonly PatchTarget[] {
  return resources.flatMap(([path, endpoint]) => target(follow(client, path.split(".")), endpoint));
}

function follow(from: unknown, names: readonly string[]): unknown {
  return names.reduce((at, name) => field(at, name), from);
}

function target(resource: unknown, endpoint: Endpoint): readonly PatchTarget[] {
  if (typeof field(resource, "create") !== "function") return [];
  return [{ prototype: resource as object, method: "create", endpoint }];
}
