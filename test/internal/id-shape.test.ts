import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { idShape } from "../../src/internal/id-shape.ts";

describe("the shape of an id", () => {
  it.each([
    [randomUUID(), "a UUID"],
    [`writer-${randomUUID().toUpperCase()}`, "a UUID"],
    ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "a ULID"],
    ["agent 01ARZ3NDEKTSV4RRFFQ69G5FAV", "a ULID"],
    [randomBytes(16).toString("hex").replace(/^../, "a1"), "a long hex number"],
    ["session_4bf92f3577b34da6".replace("_", "-"), "a long hex number"],
    ["1763749702123", "a long number"],
    ["user 1763749702", "a long number"],
    ["123456", "a long number"],
  ])("is seen in %s", (name, shape) => {
    expect(idShape(name)).toBe(shape);
  });

  it.each([
    "researcher",
    "planner-v2",
    "claude-sonnet-4-5-20250929",
    "release 20251121",
    "agent-1000000",
    "Recherche-Zusammenfassungsagent",
    "get_user_by_id_2",
    "defaced-facade",
    "_OTHER",
    "b2b",
    "12345",
  ])("is not seen in %s", (name) => {
    expect(idShape(name)).toBeUndefined();
  });
});
