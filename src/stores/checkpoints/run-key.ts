import { checkKey, keyHash } from "../../internal/check-key.ts";

/** By what a run is found. @throws TypeError where it cannot be the id of one. */
export function runKey(id: unknown): string {
  checkKey("workflow id", id);
  return keyHash(id);
}
