import { REDACTED } from "./mark.ts";

// Values in a query: which of them are secret is for the server to know. Names are bounded, values are taken whole.
const QUERY = /([?&](?:amp;)?[\w.;%[\]-]{1,64}=)[^&\s"'<>]+/g;
/** What stands before the host: to the last @ of the authority. */
const USER_INFO = /(:\/\/)[^\s/@"'<>?#]{0,256}(?:@[^\s/@"'<>?#]{0,256}){0,3}@/g;
/** A password with a slash in it, which nobody escaped. Not a port with a path. */
const RAW_PASSWORD = /(:\/\/)[^\s/@:"'<>]{0,128}:(?!\d{1,5}[/?#])[^\s@"'<>]{1,256}@/g;

/** Replaces what is secret in a URL: the values of its query, and user and password before its host. */
export function redactUrlParts(text: string): string {
  let clean = text;
  if (clean.includes("://") && clean.includes("@"))
    clean = clean.replace(USER_INFO, `$1${REDACTED}@`).replace(RAW_PASSWORD, `$1${REDACTED}@`);
  return clean.includes("=") ? clean.replace(QUERY, `$1${REDACTED}`) : clean;
}
