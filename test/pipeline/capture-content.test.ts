import { describe, expect, it } from "vitest";
import { CAPTURE_MODES } from "../../src/agent/content/capture-mode.ts";
import { readCaptureContent } from "../../src/pipeline/environment/capture-content.ts";
import type { StartOptions } from "../../src/pipeline/sdk-options.ts";

const VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

describe("where content is recorded", () => {
  it("is nowhere unless something is said", () => {
    expect(readCaptureContent({})).toBe("NO_CONTENT");
    expect(readCaptureContent({ [VARIABLE]: "  " })).toBe("NO_CONTENT");
  });

  it.each(CAPTURE_MODES)("is read from the variable and the option: %s", (mode) => {
    expect(readCaptureContent({ [VARIABLE]: mode })).toBe(mode);
    expect(readCaptureContent({ [VARIABLE]: ` ${mode.toLowerCase()} ` })).toBe(mode);
    expect(readCaptureContent({}, { captureContent: mode })).toBe(mode);
  });

  it.each([
    ["true", "SPAN_AND_EVENT"],
    ["True", "SPAN_AND_EVENT"],
    ["false", "NO_CONTENT"],
  ])("may be said as others say it: %s", (value, mode) => {
    expect(readCaptureContent({ [VARIABLE]: value })).toBe(mode);
  });

  it("is what the option says, whatever the variable does", () => {
    expect(readCaptureContent({ [VARIABLE]: "nonsense" }, { captureContent: "NO_CONTENT" })).toBe(
      "NO_CONTENT",
    );
  });

  it.each(["yes", "1", "SPAN", "SPAN_ONLY,EVENT_ONLY", "constructor"])("is refused: %s", (value) => {
    expect(() => readCaptureContent({ [VARIABLE]: value })).toThrow(
      new TypeError(
        `${VARIABLE} must be one of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, got ${JSON.stringify(value)}`,
      ),
    );
  });

  it("is refused in the option, by its name", () => {
    const options = { captureContent: true } as unknown as StartOptions;
    expect(() => readCaptureContent({}, options)).toThrow(
      "start: captureContent must be one of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, got true",
    );
  });
});
