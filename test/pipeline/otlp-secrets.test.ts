import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readOtlpCertificates, readOtlpHeaders } from "../../src/pipeline/environment/otlp-secrets.ts";

const file = fileURLToPath(import.meta.url);

describe("headers of OTLP requests", () => {
  it("are those of all signals, with the signal's own over them", () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "a=1,b=1", OTEL_EXPORTER_OTLP_TRACES_HEADERS: "b=2,c=x%20y" };
    expect(readOtlpHeaders(env, "traces")).toEqual({ a: "1", b: "2", c: "x y" });
  });
});

describe("certificates of OTLP requests", () => {
  it("are read from the files that the variables name, the signal's own first", () => {
    const env = { OTEL_EXPORTER_OTLP_CERTIFICATE: "/nowhere", OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: file };
    expect(readOtlpCertificates(env, "traces").ca?.toString()).toContain("certificates of OTLP requests");
  });

  it("have an error that names the variable and the file that cannot be read", () => {
    const env = { OTEL_EXPORTER_OTLP_CLIENT_KEY: "/nowhere" };
    expect(() => readOtlpCertificates(env, "traces")).toThrow(
      'OTEL_EXPORTER_OTLP_CLIENT_KEY must name a file that can be read (ENOENT), got "/nowhere"',
    );
  });
});
