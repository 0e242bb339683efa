import { readCaptureContent } from "../../../../pipeline/environment/capture-content.ts";
import { readPricesPath } from "../../../../pipeline/environment/file-paths.ts";
import { readLogCorrelation } from "../../../../pipeline/environment/log-correlation-config.ts";
import { readOtlpCertificates } from "../../../../pipeline/environment/otlp-secrets.ts";
import { readPipelineConfig } from "../../../../pipeline/environment/pipeline-config.ts";
import { readSdkMode } from "../../../../pipeline/environment/sdk-mode.ts";
import type { Environment } from "../../../../pipeline/environment/variables.ts";
import { type Finding, finding, found } from "../finding.ts";
import type { Project } from "../project/project.ts";
import type { Check } from "./check.ts";

/** All that `start` reads from the environment, with the readers of `start`: what they throw would end the program. */
export const configuration: Check = {
  name: "environment",
  run: ({ env, endpoint }) => {
    const options = endpoint === undefined ? {} : { endpoint };
    const readers = [
      () => readSdkMode(env),
      () => readCaptureContent(env),
      () => readLogCorrelation(env),
      () => readPricesPath(env),
      ...(modeOf(env) === "start"
        ? [() => readPipelineConfig(env, options), () => readOtlpCertificates(env, "traces")]
        : []),
    ];
    const names = Object.keys(env).filter((name) => /^(?:AGENT_)?OTEL_/.test(name) && env[name] !== "");
    return found(readers.flatMap(findingOf), `${names.length} variables of OTEL_* and AGENT_OTEL_*`);
  },
};

/** The pipeline's settings; `undefined` where `start` would throw, which is told by the check above. */
export function pipelineOf({ env, endpoint }: Project) {
  try {
    if (readSdkMode(env) !== "start" && endpoint === undefined) return undefined;
    return readPipelineConfig(env, endpoint === undefined ? {} : { endpoint });
  } catch {
    return undefined;
  }
}

export function modeOf(env: Environment) {
  try {
    return readSdkMode(env);
  } catch {
    return undefined;
  }
}

function findingOf(read: () => unknown): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return [
      finding("bad_configuration", error.message, "correct or unset it: the program would end at its start"),
    ];
  }
}
