import { hideSecrets } from "../environment/otlp-endpoint.ts";

/** Past it a batch falls into pieces of a few spans. */
const MOST = 32;
const URLS = "durableSpanExporter: urls";

/**
 * The endpoints of an exporter, from one of its options.
 *
 * @throws TypeError or RangeError that names the option and its value, without secrets.
 */
export function checkedUrls(url: unknown, urls: unknown): readonly string[] {
  if (urls === undefined) return [httpUrl("durableSpanExporter: url", url)];
  if (url !== undefined) {
    throw new TypeError(
      `durableSpanExporter: give url or urls, not both: got url ${shown(url)} and urls ${shown(urls)}`,
    );
  }
  if (!Array.isArray(urls)) throw new TypeError(`${wanted(URLS)}, got ${shown(urls)}`);
  return checkedUrlList(URLS, urls);
}

/**
 * @param option Named in a complaint, as `durableSpanExporter: urls`.
 * @throws TypeError or RangeError that names it and the value, without secrets.
 */
export function checkedUrlList(option: string, urls: readonly unknown[]): readonly string[] {
  if (urls.length === 0) throw new TypeError(`${wanted(option)}, got none`);
  if (urls.length > MOST) throw new RangeError(`${wanted(option)}, got ${urls.length}`);
  const checked = urls.map((url, i) => httpUrl(`${option}[${i}]`, url));
  const names = checked.map(endpointName);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice !== -1)
    throw new TypeError(`${option} must name each endpoint once, got ${shown(urls[twice])} twice`);
  return checked;
}

/** What an endpoint is known by: its URL without user and password, which may be given anew. */
export function endpointName(url: string): string {
  const named = new URL(url);
  named.username = "";
  named.password = "";
  return named.href;
}

function httpUrl(option: string, url: unknown): string {
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (typeof url === "string" && (parsed?.protocol === "http:" || parsed?.protocol === "https:")) return url;
  throw new TypeError(`${option} must be an http:// or https:// URL, got ${shown(url)}`);
}

function wanted(option: string): string {
  return `${option} must be a list of 1 to ${MOST} http:// or https:// URLs`;
}

function shown(value: unknown): string {
  const hidden = (each: unknown) => (typeof each === "string" ? hideSecrets(each) : each);
  const text: unknown = JSON.stringify(Array.isArray(value) ? value.map(hidden) : hidden(value));
  return String(text);
}
