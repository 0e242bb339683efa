import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { refusingUrl } from "../../pipeline/fixtures/otlp-sink.ts";
import { examine, project, theFinding } from "./project.ts";

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const answering = (listener: RequestListener) => listen(createServer(listener));
const status = (code: number, body = "") =>
  answering((_, response) => void response.writeHead(code).end(body));

async function findingAt(endpoint: string, env: Readonly<Record<string, string>> = {}) {
  return theFinding(await project({}, []), { env, args: ["--endpoint", endpoint] });
}

describe("agent-otel doctor, of an endpoint", () => {
  it("finds that nothing listens there, once for all signals", async () => {
    const url = await refusingUrl();
    expect(await findingAt(url)).toMatchObject({
      code: "endpoint_unreachable",
      message: `${url}/v1/traces: nothing listens there (ECONNREFUSED)`,
      fix: expect.stringContaining("npx agent-otel dev"),
    });
  });

  it("finds that there is no host of this name", async () => {
    expect(await findingAt("http://nowhere.invalid:4318")).toMatchObject({
      code: "endpoint_unreachable",
      message: expect.stringContaining("there is no host of this name"),
    });
  });

  it("finds the port of gRPC", async () => {
    expect(await findingAt("http://127.0.0.1:4317")).toMatchObject({
      code: "endpoint_wrong",
      message: expect.stringContaining("port 4317 is for OTLP over gRPC"),
      fix: expect.stringContaining("http://127.0.0.1:4318"),
    });
  });

  it("finds a server that speaks HTTP/2 alone", async () => {
    const port = await listen(createHttp2Server() as unknown as Server);
    expect(await findingAt(`http://127.0.0.1:${port}`)).toMatchObject({ code: "endpoint_wrong" });
  });

  it("finds https where http is meant", async () => {
    const port = await status(200);
    expect(await findingAt(`https://127.0.0.1:${port}`)).toMatchObject({
      code: "endpoint_wrong",
      message: expect.stringContaining("speaks http, not https"),
      fix: "begin the URL with http://",
    });
  });

  it("finds http where https is meant, by the alert of TLS and by the words of other servers", async () => {
    const alert = createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])));
    });
    for (const port of [
      await listen(alert),
      await status(400, "Client sent an HTTP request to an HTTPS server."),
    ])
      expect(await findingAt(`http://127.0.0.1:${port}`)).toMatchObject({
        code: "endpoint_wrong",
        fix: "begin the URL with https://",
      });
  });

  it("finds a path that is there twice, and one that is not there", async () => {
    const port = await answering((request, response) => {
      response.writeHead(/^\/v1\/\w+$/.test(request.url ?? "") ? 200 : 404).end();
    });
    const twice = await theFinding(await project({}, []), {
      env: { OTEL_METRICS_EXPORTER: "none" },
      args: ["--endpoint", `http://127.0.0.1:${port}/v1/traces`],
    });
    expect(twice.message).toContain("/v1/traces stands in it twice");
    const missing = await theFinding(await project({}, []), {
      env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}` },
    });
    expect(missing.message).toContain("the path is not /v1/traces");
  });

  it.each([
    [401, "endpoint_refuses", "check OTEL_EXPORTER_OTLP_HEADERS"],
    [403, "endpoint_refuses", "check OTEL_EXPORTER_OTLP_HEADERS"],
    [404, "endpoint_wrong", "give the base"],
    [415, "endpoint_wrong", "set OTEL_EXPORTER_OTLP_PROTOCOL=http/json"],
    [302, "endpoint_wrong", "name the place it leads to"],
    [503, "endpoint_refuses", "look at the log of the receiver"],
  ])("finds the answer %i", async (code, finding, fix) => {
    const port = await status(code);
    expect(await findingAt(`http://127.0.0.1:${port}`)).toMatchObject({
      code: finding,
      message: expect.stringContaining(`answers ${code}`),
      fix: expect.stringContaining(fix),
    });
  });

  it("finds a web page that answers 200 to everything", async () => {
    const port = await answering((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>");
    });
    expect((await findingAt(`http://127.0.0.1:${port}`)).message).toContain("no OTLP receiver");
  });

  it("sends the headers and the protocol that an exporter would send", async () => {
    const seen: unknown[] = [];
    const port = await answering(({ headers }, response) => {
      seen.push([headers["content-type"], headers["x-key"]]);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
    const env = {
      OTEL_METRICS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=secret",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    };
    expect((await examine(await project({}, []), { env })).codes).toEqual([]);
    expect(seen).toEqual([["application/json", "secret"]]);
  });

  it("looks at each of several receivers of traces", async () => {
    const port = await status(200, "{}");
    const gone = await refusingUrl();
    const { codes, report } = await examine(await project({}, []), {
      env: {
        OTEL_METRICS_EXPORTER: "none",
        AGENT_OTEL_TRACES_ENDPOINTS: `http://127.0.0.1:${port},${gone}`,
      },
    });
    expect(codes).toEqual(["endpoint_unreachable"]);
    expect(JSON.stringify(report)).toContain(gone);
  });

  it("prints no password of a list of receivers", async () => {
    const gone = new URL(await refusingUrl());
    const list = ["first", "second"].map((word) => `http://me:${word}-password@${gone.host}/${word}`);
    const { report } = await examine(await project({}, []), {
      env: { OTEL_METRICS_EXPORTER: "none", AGENT_OTEL_TRACES_ENDPOINTS: list.join(",") },
    });
    expect(JSON.stringify(report)).not.toMatch(/(first|second)-password/);
  });

  it("gives up on a server that does not answer", async () => {
    const port = await answering(() => {});
    const started = performance.now();
    const finding = await findingAt(`http://127.0.0.1:${port}`, { OTEL_EXPORTER_OTLP_TIMEOUT: "300" });
    expect(finding).toMatchObject({
      code: "endpoint_unreachable",
      message: expect.stringContaining("no answer in time"),
    });
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
