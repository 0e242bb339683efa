import { UsageError } from "../cli-error.ts";

/** Options of every command that looks at what `agent-otel dev` has received. */
export const PLACE_OPTIONS = {
  telemetry: { type: "string" },
  db: { type: "string" },
} as const;

/** A file, or a running server. */
export interface TelemetryPlace {
  /** `undefined`: the default one. */
  readonly file: string | undefined;
  readonly url: URL | undefined;
}

interface PlaceValues {
  readonly telemetry?: string | undefined;
  readonly db?: string | undefined;
  readonly url?: string | undefined;
}

/** @throws UsageError where two places are named, or a URL is none. */
export function telemetryPlace({ telemetry, db, url }: PlaceValues): TelemetryPlace {
  const named = Object.entries({ telemetry, db, url }).filter(([, value]) => value !== undefined);
  if (named.length > 1)
    throw new UsageError(`give one of ${named.map(([name]) => `--${name}`).join(" and ")}, not both`);
  return { file: telemetry ?? db, url: url === undefined ? undefined : urlOf(url) };
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.username === "" && url.password === "" && url.search === "";
  if (plain && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new UsageError("--url must be an http:// or https:// URL without a login or a query");
}
