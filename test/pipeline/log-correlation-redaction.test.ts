import { expect, it } from "vitest";
import {
  boundedFields,
  boundedText,
  boundedValue,
} from "../../src/pipeline/log-correlation/bounded-value.ts";

it("a log record has no secret in its text, its fields, or under a secret's name", () => {
  expect(boundedText("no: password=hunter2")).toBe("no: password=[redacted]");
  expect(
    boundedFields({ headers: { authorization: ["hunter2"] }, url: "http://a.test/?q=hunter2", n: 1 }),
  ).toEqual({
    headers: { authorization: "[redacted]" },
    url: "http://a.test/?q=[redacted]",
    n: 1,
  });
  expect(boundedValue(new Error("token: hunter2"))).toBe("Error: token: [redacted]");
});
