import { redactText } from "../../../internal/redact.ts";
import { secretsIn } from "../../../pipeline/durable-span-exporter/send/hide-own-secrets.ts";
import { readOtlpHeaders } from "../../../pipeline/environment/otlp-secrets.ts";
import type { Environment } from "../../../pipeline/environment/variables.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";

const HIDDEN = "***";
const MOST_COLUMNS = 1_000;
/** A scheme, a login, and the rest. */
const URL_WITH_SECRET = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;

/**
 * Makes a text fit to be printed: in one line, without what a terminal obeys, and without headers, passwords and queries of the
 * environment.
 */
export function hider(env: Environment): (text: string) => string {
  const secrets = ownSecrets(env);
  return (text) => {
    const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    return printable(redactText(hidden), MOST_COLUMNS);
  };
}

/** Longest first, so that no part is replaced before the whole. */
function ownSecrets(env: Environment): readonly string[] {
  const signals = (["traces", "metrics", "logs"] as const).map((signal) => readOtlpHeaders(env, signal));
  const headers = Object.fromEntries(
    signals.flatMap((each, i) => Object.entries(each).map(([k, v]) => [`${k}${i}`, v])),
  );
  // Some variables hold a list of them.
  const values = Object.values(env).flatMap((value = "") => [value, ...value.split(",")]);
  const urls = values
    .map((value) => value.trim())
    .flatMap((value) => (URL_WITH_SECRET.test(value) && URL.canParse(value) ? [new URL(value)] : []));
  const nowhere = new URL("http://localhost");
  const all = [...secretsIn(nowhere, headers), ...urls.flatMap((url) => secretsIn(url, {}))];
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}
