import { REDACTED } from "./mark.ts";

/** A private key, to its end line or, where that was cut off, to the end of the text. */
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END[A-Z0-9 ]{0,60}-----|$)/g;

// Each prefix ends in a run that is taken whole, so a failed try never looks at a character twice.
const KEYS = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    // OpenAI, Anthropic, OpenRouter, DeepSeek, Stripe. Masked ones ("sk-***abcd") as well.
    String.raw`[spr]k[-_][\w*-]{8,}`,
    // Google, AWS, JWT, SendGrid, Google OAuth.
    String.raw`AIza[\w-]{16,}`,
    "A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{12,}",
    String.raw`eyJ[\w-]{8,}(?:\.[\w-]*)*`,
    String.raw`SG\.[\w-]{8,}(?:\.[\w-]*)*`,
    String.raw`ya29\.[\w-]{8,}`,
    // xAI, Groq, Perplexity, Nvidia, Cerebras, Tavily, Replicate, Fireworks, Together, Pinecone, LangSmith.
    String.raw`(?:xai|pplx|nvapi|csk|tvly)-[\w*-]{8,}`,
    String.raw`(?:gsk|r8|fw|tgp_v1|pcsk|lsv2_[a-z]{2}|jina)_[\w-]{16,}`,
    // GitHub, GitLab, Hugging Face, npm, PyPI, Slack, DigitalOcean, Shopify, Grafana, Sentry, Vault, Databricks, webhooks.
    "gh[oprsu]_[A-Za-z0-9]{12,}",
    String.raw`github_pat_\w{12,}`,
    String.raw`gl(?:pat|ptt|dt|rt|cbt|soat|agent|oas)-[\w.-]{8,}`,
    "(?:hf|npm)_[A-Za-z0-9]{16,}",
    String.raw`pypi-[\w-]{16,}`,
    String.raw`(?:xox[a-z]|xapp)-[\w-]{8,}`,
    String.raw`(?:do[opr]_v1|shp(?:at|ca|pa|ss)|gl(?:c|sa)|sntr[yu]s|whsec|lin_api|ntn)_[\w+/=-]{16,}`,
    String.raw`hvs\.[\w-]{16,}`,
    "dapi[a-f0-9]{32}",
    "AGE-SECRET-KEY-1[A-Z0-9]{16,}",
  ].join("|")})`,
  "g",
);

/** `sk-`, `pk_` and `rk-` begin words too: a key has a digit, a capital or a mask in it, or a long run of letters. */
const SHORT_PREFIX = /^[spr]k[-_]/;
const LIKE_A_KEY = /[A-Z0-9*]|[a-z]{20}/;

/** `Bearer` and `Basic` with what follows. Linear: what follows is taken whole. */
const SCHEMES = /\b(bearer|basic)(\s{1,8})([^\s"',;()[\]{}<>]+)/gi;

/** Replaces secrets that are known by their own looks. */
export function redactKnownShapes(text: string): string {
  let clean = text;
  if (clean.includes("-----BEGIN")) clean = clean.replace(PRIVATE_KEY, REDACTED);
  clean = clean.replace(KEYS, (key) =>
    SHORT_PREFIX.test(key) && !LIKE_A_KEY.test(key.slice(3)) ? key : REDACTED,
  );
  return clean.replace(SCHEMES, (all: string, scheme: string, _: string, token: string) =>
    isCredential(scheme, token) ? REDACTED : all,
  );
}

/** "Bearer" and "basic" are words as well: "the bearer of bad news", "a basic understanding". */
function isCredential(scheme: string, token: string): boolean {
  if (/^basic$/i.test(scheme))
    return token.length >= 8 && token.length % 4 === 0 && /[\d=]|[a-z][A-Z]/.test(token);
  return scheme === "bearer" ? /[\d._=-]/.test(token.slice(0, -1)) : token.length >= 6;
}
