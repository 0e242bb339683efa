import { redactMessage } from "../../../internal/redact.ts";

const HIDDEN = "[redacted]";
// A value as short as "1" or "on" is no secret, and would make holes in every text.
const SHORTEST_SECRET = 4;
const SHORTEST_PART = 8;
const LONGEST_TEXT = 64 * 1_024;
// Line breaks and terminal codes: the text goes into log lines.
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * Makes what a receiver or the system says fit for telemetry: without what was sent as a header or stands in the URL, in
 * one line, redacted and cut.
 *
 * @param own From `secretsIn`; asked only where there is a text.
 */
export function cleanText(text: string, own: () => readonly string[]): string {
  if (text === "") return "";
  const secrets = own();
  const whole = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), beforeCut(text, secrets));
  return redactMessage(whole.replaceAll(CONTROLS, " ").trim());
}

/** What is cut off may leave half a secret at the end, which is not found: it goes too. */
function beforeCut(text: string, secrets: readonly string[]): string {
  return text.length <= LONGEST_TEXT ? text : text.slice(0, LONGEST_TEXT - (secrets[0]?.length ?? 0));
}

/**
 * What must not be told of a request: values of its headers, whole and in parts ("Bearer …"), user, password and query of
 * its URL, each in the spellings that an answer may repeat it in.
 *
 * @returns Longest first, so that no part is replaced before the whole.
 */
export function secretsIn(url: URL, headers: Readonly<Record<string, string>>): readonly string[] {
  const values = [...Object.values(headers).flatMap(headerSecrets), ...urlSecrets(url)];
  const spellings = values
    .filter((value) => value.length >= SHORTEST_SECRET)
    .flatMap((value) => [
      value,
      encodeURIComponent(value.toWellFormed()),
      JSON.stringify(value).slice(1, -1),
    ]);
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

function headerSecrets(value: string): readonly string[] {
  const parts = value.split(/[\s,;=]+/).filter((part) => part.length >= SHORTEST_PART);
  return [value.trim(), ...parts, ...parts.flatMap(basicSecrets)];
}

/** User and password of `Basic`, which are there in disguise only. */
function basicSecrets(part: string): readonly string[] {
  const text = Buffer.from(part, "base64").toString("utf8");
  if (!/^[\x20-\x7e]+:[\x20-\x7e]*$/.test(text)) return [];
  return [text, text.slice(text.indexOf(":") + 1)];
}

function urlSecrets(url: URL): readonly string[] {
  const user = decoded(url.username);
  const password = decoded(url.password);
  const login = `${user}:${password}`;
  const query = [url.search.slice(1), ...url.searchParams.values()];
  const basic = login === ":" ? [] : [login, Buffer.from(login).toString("base64")];
  return [...basic, user, password, url.username, url.password, ...query];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
