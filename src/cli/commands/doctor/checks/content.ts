import { readCaptureContent } from "../../../../pipeline/environment/capture-content.ts";
import { type Finding, finding, found } from "../finding.ts";
import type { Project } from "../project/project.ts";
import type { Check } from "./check.ts";

const VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
const OPTION = /\bcaptureContent\s*:\s*["'`](SPAN_ONLY|EVENT_ONLY|SPAN_AND_EVENT)\b/;
const FIX = "take it back, or say --ignore content_capture where it is meant";

/** Whether prompts and answers are recorded: off by default, and seldom meant where people look at it first. */
export const content: Check = {
  name: "content",
  run: (project) =>
    found([...byVariable(project), ...byOption(project)], "prompts and answers are not recorded"),
};

function byVariable({ env }: Project): readonly Finding[] {
  const mode = modeOf(env);
  if (mode === "NO_CONTENT") return [];
  const message = `${VARIABLE}: prompts and answers are recorded (${mode})`;
  return [finding("content_capture", message, FIX)];
}

function modeOf(env: Project["env"]): string {
  try {
    return readCaptureContent(env);
  } catch {
    // Told as a variable that cannot be read.
    return "NO_CONTENT";
  }
}

function byOption({ files }: Project): readonly Finding[] {
  for (const [path, text] of files.texts) {
    const [, mode] = text.includes("agent-otel") ? (OPTION.exec(text) ?? []) : [];
    if (mode !== undefined)
      return [
        finding("content_capture", `${path}: captureContent records prompts and answers (${mode})`, FIX),
      ];
  }
  return [];
}
