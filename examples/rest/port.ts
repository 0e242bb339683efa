import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { port: { type: "string", default: "3000" } } });

/** `--port 3000`; 0: any that is free. */
export const port = Number(values.port);

export function listening(address: unknown): void {
  const { port: taken } = address as { readonly port: number };
  console.log(`listening on http://127.0.0.1:${taken}/api/agents/health`);
}
