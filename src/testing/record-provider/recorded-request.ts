import { isSecretName } from "../../internal/redact/secret-names.ts";
import type { ReceivedRequest } from "../scripted-provider/scripted-request.ts";
import { type CleanText, cleanJson } from "./clean-json.ts";
import type { RecordedRequest } from "./recording.ts";

/** What is kept of a request: no headers, so no keys. */
export function recordedRequest(
  { method, path, model, body }: ReceivedRequest,
  target: string,
  clean: CleanText,
): RecordedRequest {
  const cleanBody = body === undefined ? undefined : cleanJson(body, clean);
  return {
    method,
    path: path + queryOf(target, clean),
    ...(model === undefined ? {} : { model }),
    ...(cleanBody === undefined ? {} : { body: cleanBody }),
  };
}

function queryOf(target: string, clean: CleanText): string {
  const at = target.indexOf("?");
  if (at === -1) return "";
  const query = new URLSearchParams(target.slice(at + 1));
  query.sort();
  const kept = [...query].map(([name, value]): [string, string] => [
    name,
    isHidden(name) ? "removed" : clean(value),
  ]);
  return kept.length === 0 ? "" : `?${new URLSearchParams(kept)}`;
}

function isHidden(name: string): boolean {
  return isSecretName(name) || name === "key";
}
