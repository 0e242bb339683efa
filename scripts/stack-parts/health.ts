import { connect } from "node:net";

/** @returns Whether the page answers 2xx within two seconds. */
export async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** @returns The beginning of what a server says to `request`; empty when it says nothing within two seconds. */
export function reply(address: string, request: string | Buffer, signal: AbortSignal): Promise<string> {
  const [host, port] = address.split(":");
  return new Promise((resolve) => {
    const socket = connect({ host: host!, port: Number(port) });
    const done = (text: string) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      resolve(text);
    };
    const abort = () => done("");
    signal.addEventListener("abort", abort);
    socket.setTimeout(2_000, abort);
    socket.once("error", abort).once("close", abort);
    socket.once("data", (data) => done(data.toString("latin1")));
    socket.write(request);
    if (signal.aborted) abort();
  });
}
