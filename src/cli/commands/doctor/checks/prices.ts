import { resolve } from "node:path";
import { readPriceFile } from "../../../../cost/price-file.ts";
import { isAgentError } from "../../../../errors/agent-error.ts";
import { readPricesPath } from "../../../../pipeline/environment/file-paths.ts";
import { finding, fine, found, skipped } from "../finding.ts";
import type { Check } from "./check.ts";

/** The file with prices of the user's own. */
export const prices: Check = {
  name: "prices",
  run: ({ env, folder }) => {
    const path = readPricesPath(env);
    if (path === undefined) return skipped("no price file (AGENT_OTEL_PRICES)");
    try {
      readPriceFile(resolve(folder, path));
      return fine(path);
    } catch (error) {
      if (!isAgentError(error)) throw error;
      return found(
        [finding("price_file", error.message, "correct the file that AGENT_OTEL_PRICES names")],
        "",
      );
    }
  },
};
