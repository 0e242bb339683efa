import { expect, it } from "vitest";
import { rejectLater } from "../../src/internal/reject-later.ts";

it("a promise that rejects later rejects with the same object, before anything but microtasks runs", async () => {
  const error = new Error("boom");
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  await expect(rejectLater(error)).rejects.toBe(error);
  expect(turned).toBe(false);
});
