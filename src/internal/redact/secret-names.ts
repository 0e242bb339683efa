/**
 * Names under which secrets stand, in any case and with any prefix (`access_token`, `X-Api-Key`, `clientSecret`). No plural of
 * token: `max_tokens` is a number that everybody needs.
 */
const NAMES = [
  "(?:api|app|application|access|secret|private|account|shared|signing|encryption|master|subscription|service|admin|ssh|auth|consumer|function)[ _-]?keys?",
  "pass(?:word|wd|phrase|code)s?",
  "secrets?",
  "token",
  "authorization",
  "credentials?",
  "cookies?",
  "connection[ _-]?string",
].join("|");

const SUFFIX = "(?:[ _-]?(?:value|base64|b64)|[ _-]?\\d{1,2})?";

/** In structured data the whole key is the name, so that shorter ones are clear as well. */
const KEY = new RegExp(
  `(?:${NAMES})${SUFFIX}$|^(?:_?auth|pwd|otp|cvv|cvc|pin|dsn|sig|sessionid|sid|jwt)$`,
  "i",
);

/** Whether the value under this key is secret, whatever it looks like. */
export function isSecretName(key: string): boolean {
  return KEY.test(key);
}

/**
 * A name and what separates it from its value; the value begins at its end. Names are found from their last word, which no
 * prefix can make longer, so the search is linear.
 */
export function secretNamePattern(): RegExp {
  const name = `(?:${NAMES}|\\bpwd(?!=/)|\\b_auth|\\bdsn)${SUFFIX}`;
  const separator = String.raw`\\{0,4}["'\]]?\s{0,8}(?:=>|:=|[:=])\s{0,8}`;
  const flag = String.raw`(?<![\w-])--[\w-]{0,32}(?:password|token|secret|key)[ =]\s{0,8}`;
  return new RegExp(`${name}${separator}|${flag}`, "gi");
}
