import type { z } from "@hono/zod-openapi";
import { hideSecrets } from "../../pipeline/environment/otlp-endpoint.ts";
import { agentsRouter } from "../../server/agents-router.ts";
import { printable } from "../../telemetry/format-trace-text.ts";
import { CliError } from "../cli-error.ts";
import { readTelemetry } from "./telemetry-file.ts";
import type { TelemetryPlace } from "./telemetry-place.ts";

const BASE = "/api/agents";
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 16 * 2 ** 20;

/**
 * Asks the REST surface: that of a running server, or the same over the telemetry database, without a port. So a command says what the page
 * says.
 *
 * @param path Below `/api/agents/`, with its query.
 * @param shape What the answer must be.
 * @throws UsageError, CliError.
 */
export async function askAgents<S extends z.ZodType>(
  { file, url }: TelemetryPlace,
  path: string,
  shape: S,
): Promise<z.infer<S>> {
  const answer =
    url === undefined
      ? await readTelemetry(file, (sources) =>
          textOf(agentsRouter({ sources })(requestOf("http://localhost", path))),
        )
      : await textOf(fetchFrom(url, path));
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  const place = url === undefined ? "the telemetry database" : hideSecrets(url.href);
  throw new CliError(
    `what ${place} answers to ${path} is not what this agent-otel knows: update the older one`,
  );
}

function requestOf(base: string, path: string): Request {
  return new Request(`${base}${BASE}/${path}`, { headers: { accept: "application/json" } });
}

async function fetchFrom(url: URL, path: string): Promise<Response> {
  // Where it is mounted elsewhere, its own path stands in the URL.
  const base =
    url.pathname === "/" ? `${url.origin}${BASE}` : `${url.origin}${url.pathname.replace(/\/$/, "")}`;
  try {
    return await fetch(`${base}/${path}`, {
      headers: { accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // What fetch throws says only that it failed; why stands in its cause.
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    const why = cause?.code ?? cause?.message ?? message;
    throw new CliError(`cannot reach ${base}: ${printable(why, 200)}; is "agent-otel dev" running there?`, {
      cause: error,
    });
  }
}

async function textOf(asked: Response | Promise<Response>): Promise<unknown> {
  const response = await asked;
  const body = parsed(await bounded(response));
  if (response.ok) return body;
  const { detail } = (body ?? {}) as { detail?: unknown };
  const said = typeof detail === "string" ? printable(detail, 500) : response.statusText;
  throw new CliError(`the server answers ${response.status}${said === "" ? "" : `: ${said}`}`);
}

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new CliError(`the server answers with more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
