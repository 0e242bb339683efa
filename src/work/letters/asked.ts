import { isAgentError } from "../../errors/agent-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { redactMessage } from "../../internal/redact.ts";
import { errorMessage } from "../../telemetry/error-type.ts";
import type { DeadLetterSettings } from "./letter-options.ts";

/**
 * What the store answers.
 *
 * @param what Completes "Store … cannot …".
 * @throws StoreUnusableError where it fails. Without its cause: a database repeats the values of a statement in its errors.
 */
export async function asked<T>(
  { storeName }: Pick<DeadLetterSettings, "storeName">,
  what: string,
  answer: Promise<T>,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isAgentError(error)) throw error;
    throw new StoreUnusableError(storeName, `cannot ${what}: ${redactMessage(errorMessage(error) ?? "")}`);
  }
}
