import { CAPTURE_MODES, type CaptureContent } from "../../agent/content/capture-mode.ts";
import type { StartOptions } from "../sdk-options.ts";
import { checkChoice, type Environment, readText } from "./variables.ts";

const VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/** What some instrumentations of others take. Where they put the text differs, so `true` is both places. */
const OLD_WORDS: Readonly<Record<string, CaptureContent>> = { TRUE: "SPAN_AND_EVENT", FALSE: "NO_CONTENT" };

/**
 * Where the text of model calls is recorded: option `captureContent`, else the variable that OpenTelemetry's GenAI
 * instrumentations share, in any case of letters.
 *
 * @throws TypeError that names option or variable, what it allows and the value it has.
 */
export function readCaptureContent(env: Environment, options: StartOptions = {}): CaptureContent {
  const { captureContent } = options;
  if (captureContent !== undefined)
    return checkChoice("start: captureContent", captureContent, CAPTURE_MODES);
  const written = readText(env, VARIABLE);
  if (written === undefined) return "NO_CONTENT";
  const word = written.toUpperCase();
  const mode = OLD_WORDS[word] ?? CAPTURE_MODES.find((known) => known === word);
  return mode ?? checkChoice(VARIABLE, written, CAPTURE_MODES);
}
