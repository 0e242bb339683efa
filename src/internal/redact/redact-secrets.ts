import { redactEmail } from "./email.ts";
import { redactHighEntropy } from "./high-entropy.ts";
import { redactKnownShapes } from "./known-shapes.ts";
import { redactNamedValues } from "./named-values.ts";
import { redactUrlParts } from "./url-parts.ts";

/**
 * Replaces what looks like a secret by `[redacted]`: keys of providers, private keys, tokens, what is named as a secret, values
 * and passwords in URLs, e-mail addresses, long random strings. Pure, and linear in the length of `text`.
 */
export function redactSecrets(text: string): string {
  // Names before addresses and chance: `password=…` is taken whole, whatever it looks like.
  return redactHighEntropy(redactEmail(redactNamedValues(redactUrlParts(redactKnownShapes(text)))));
}
