import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type ServerOptions } from "node:https";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { portOf, sendTo } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "agent-otel-tls-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A certificate signed by itself, for localhost and a day; `undefined` where there is no openssl. */
function certificate(name: string): Pair | undefined {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const args = ["req", "-x509", ...curve, "-nodes", "-days", "1", ...subject, "-keyout", key, "-out", cert];
  try {
    execFileSync("openssl", args, { stdio: "ignore" });
  } catch {
    console.warn("tls.test.ts: skipped, because there is no openssl to make a certificate with");
    return undefined;
  }
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

const ours = certificate("receiver");
const client = certificate("client");

async function withServer(options: ServerOptions, check: (url: string, seen: string[]) => Promise<void>) {
  const seen: string[] = [];
  const server = createServer(options, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate();
    seen.push(String(peer.subject?.CN ?? "nobody"));
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await check(`https://localhost:${portOf(server)}/v1/traces`, seen);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const delivered = { kind: "delivered", rejectedSpans: 0 };

describe.skipIf(ours === undefined || client === undefined)("over TLS", () => {
  it("a request passes where the certificate is trusted, and its connection is kept", async () => {
    await withServer({ ...ours! }, async (url, seen) => {
      const sender = httpSender({ url, certificates: { ca: ours!.cert } });
      expect(await sendTo(sender)).toEqual(delivered);
      expect(await sendTo(sender)).toEqual(delivered);
      expect(seen).toHaveLength(2);
      sender.close();
    });
  });

  it("a certificate that is not trusted is a retry, and nothing is sent", async () => {
    await withServer({ ...ours! }, async (url, seen) => {
      const sender = httpSender({ url });
      expect(await sendTo(sender)).toEqual({ kind: "retry", why: expect.stringMatching(/self-signed/) });
      expect(seen).toEqual([]);
    });
  });

  it("a receiver that asks for a certificate gets ours", async () => {
    await withServer({ ...ours!, ca: client!.cert, requestCert: true }, async (url, seen) => {
      const sender = httpSender({ url, certificates: { ca: ours!.cert, ...client! } });
      expect(await sendTo(sender)).toEqual(delivered);
      expect(seen).toEqual(["client"]);
      sender.close();
    });
  });

  it("a receiver that asks for a certificate that we do not have is a retry", async () => {
    const wants = { ...ours!, ca: client!.cert, requestCert: true, rejectUnauthorized: true };
    await withServer(wants, async (url, seen) => {
      const sender = httpSender({ url, certificates: { ca: ours!.cert } });
      expect((await sendTo(sender)).kind).toBe("retry");
      expect(seen).toEqual([]);
    });
  });

  it.each([
    ["speaks no TLS", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["closes the connection", ""],
  ])("a port that %s is a retry", async (_, bytes) => {
    const server = createTcpServer((socket) => void socket.on("error", () => {}).end(bytes));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const sender = httpSender({ url: `https://127.0.0.1:${portOf(server)}/` });
    expect((await sendTo(sender)).kind).toBe("retry");
    server.close();
  });

  it("a handshake that hangs ends with its time", async () => {
    const server = createTcpServer((socket) => void socket.on("error", () => {}));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const sender = httpSender({ url: `https://127.0.0.1:${portOf(server)}/`, timeoutMs: 60 });
    expect(await sendTo(sender)).toEqual({ kind: "retry", why: "no answer in time" });
    server.close();
  });
});
