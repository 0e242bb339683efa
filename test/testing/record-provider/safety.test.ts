import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { recordProvider } from "../../../src/testing/record-provider.ts";
import { scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const headers = { authorization: "Bearer k", "content-type": "application/json" };
const body = JSON.stringify({ model: "m", messages: [] });

async function recording(upstream: string) {
  const file = join(await temporaryFolder(), "recording.json");
  return recordProvider({ upstream, file, mode: "record", maxBodyBytes: 2_000 });
}

/** One request line as it stands: clients would tidy it up. */
async function raw(url: string, line: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.end(`${line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  return text(socket);
}

describe("a recording provider", () => {
  it.each(["GET http://127.0.0.1:1/v1/models", "GET /../secret", "GET /v1/../../secret"])(
    "asks nobody for %j",
    async (line) => {
      await using provider = await scriptedProvider();
      await using standIn = await recording(`${provider.url}/base`);
      expect(await raw(standIn.url, line)).toMatch(/^HTTP\/1.1 400/);
      expect(provider.requests).toEqual([]);
    },
  );

  it("asks below the path of its upstream", async () => {
    await using provider = await scriptedProvider();
    await using standIn = await recording(`${provider.url}/base/`);
    await fetch(`${standIn.url}/v1/chat/completions`, { method: "POST", headers, body });
    expect(provider.requests.map(({ path }) => path)).toEqual(["/base/v1/chat/completions"]);
  });

  it("does not follow a provider to another place, which would get the key", async () => {
    await using elsewhere = await scriptedProvider();
    const server = createServer((_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/v1/chat/completions` }).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    await using standIn = await recording(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const answer = await fetch(`${standIn.url}/v1/chat/completions`, { method: "POST", headers, body });
    expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining("it redirects to")]);
    expect(elsewhere.requests).toEqual([]);
  });

  it("refuses what is too large or no JSON, and sends nothing", async () => {
    await using provider = await scriptedProvider();
    await using standIn = await recording(provider.url);
    const ask = async (content: string) =>
      (await fetch(`${standIn.url}/v1/chat/completions`, { method: "POST", headers, body: content })).status;
    expect([await ask("x".repeat(2_001)), await ask("no JSON")]).toEqual([413, 415]);
    expect(provider.requests).toEqual([]);
  });

  it("hands on an answer that is too large, and says at the end that it is missing", async () => {
    await using provider = await scriptedProvider({ respond: () => "x".repeat(3_000) });
    const standIn = await recording(provider.url);
    const answer = await fetch(`${standIn.url}/v1/chat/completions`, { method: "POST", headers, body });
    expect((await answer.text()).length).toBeGreaterThan(3_000);
    await expect(standIn.close()).rejects.toMatchObject({
      code: "recording_unusable",
      message: expect.stringContaining("an answer has more than 2000 bytes"),
    });
  });
});
