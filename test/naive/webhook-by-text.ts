import { request } from "node:http";
import { isIP } from "node:net";

const INSIDE = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0|\[::1\])/;

/** The obvious way to keep a webhook outside: a look at the text of its URL. */
export function looksOutside(url: string): boolean {
  const host = /^https?:\/\/([^/]*)/i.exec(url)?.[1] ?? "";
  return host !== "" && !INSIDE.test(host.toLowerCase());
}

/** Checks what a name resolves to, and lets the connection resolve it again. */
export async function sendByText(
  text: string,
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<void> {
  if (!looksOutside(text)) return;
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 0 && (await resolve(host)).some((each) => INSIDE.test(each))) return;
  await new Promise<void>((done) => {
    const posting = request({
      host,
      port: url.port,
      method: "POST",
      timeout: 500,
      lookup: (name, { all }, callback) => {
        void resolve(name).then(([address = ""]) => {
          if (all === true) callback(null, [{ address, family: isIP(address) }]);
          else callback(null, address, isIP(address));
        });
      },
    });
    posting.on("error", () => done());
    posting.on("timeout", () => posting.destroy());
    posting.on("response", (answer) => answer.destroy());
    posting.on("close", () => done());
    posting.end("{}");
  });
}
