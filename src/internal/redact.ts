const MAX_INPUT = 4_096;
const MAX_OUTPUT = 256;

// Shapes of secrets, each linear in the input. What a group catches stays, so that one can see what was redacted.
const SECRETS = new RegExp(
  [
    // Prefixed keys of providers. Without a separator only where the prefix begins no word.
    String.raw`\b(?:(?:sk|pk|rk|xai|gsk|ghp|gho|github_pat|glpat|hf|r8|xox[abp])[-_]|AKIA|AIza)[A-Za-z0-9_*-]{8,}`,
    // Tokens that say of themselves what they are (JWT).
    String.raw`\beyJ[\w-]{8,512}\.[\w.-]+`,
    String.raw`\b(?:Bearer|Basic)\s+[^\s"',;]+`,
    // Values in a URL's query, and the password before its host.
    String.raw`([?&][\w.-]{1,64}=)[^&\s"']+`,
    String.raw`(:\/\/)[^\s/@"']{1,256}@`,
    // Values that are named as secrets, an HTTP scheme before them included.
    String.raw`\b(?:api[ _-]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?(?:(?:Bearer|Basic)\s+)?[^\s"',;}]+`,
  ].join("|"),
  "gi",
);

/** Replaces what looks like a secret by `[redacted]`. Linear in the length of `text`. */
export function redactText(text: string): string {
  return text.replace(SECRETS, (_, query?: string, url?: string) => `${query ?? url ?? ""}[redacted]`);
}

/**
 * Makes an error message fit for telemetry: secrets become `[redacted]`, and it is cut to 256 characters. Done where the
 * text is made, so that no file, log line or exporter ever has the original.
 */
export function redactMessage(message: string): string {
  const clean = redactText(message.slice(0, MAX_INPUT));
  return clean.length > MAX_OUTPUT ? `${clean.slice(0, MAX_OUTPUT - 1)}…` : clean;
}
