import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate signed by itself, for a day; `undefined` where there is no openssl to make it with. */
export function certificate(): Certificate | undefined {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-cert-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const args = ["req", "-x509", ...curve, "-nodes", "-days", "1", ...subject, "-keyout", key, "-out", cert];
  try {
    execFileSync("openssl", args, { stdio: "ignore" });
    return { cert: readFileSync(cert), key: readFileSync(key) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
