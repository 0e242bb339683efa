import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentSignals, NO_SIGNALS } from "../../health/agent-signals.ts";
import { healthSettings } from "../../health/health-options.ts";
import { SignalWatch } from "../../health/signals/signal-watch.ts";
import { systemClock } from "../../internal/clock.ts";
import { systemAfter } from "../../internal/timers.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { agentsRouter } from "../agents-router.ts";
import { problemResponse } from "../problem.ts";
import { otlpReceiver } from "../receiver/otlp-receiver.ts";
import type { AgentsSources, BreakerSource } from "../sources/sources.ts";
import type { TelemetryStoreOptions } from "../telemetry-store/store-options.ts";
import { type TelemetryStore, telemetryStore } from "../telemetry-store/telemetry-store.ts";
import { type FetchHandler, type Listening, listenOnLoopback } from "./listen.ts";
import { loopbackGuard } from "./loopback-guard.ts";
import { pageFiles } from "./page-files.ts";
import { sharedBreakers } from "./shared-breakers.ts";
import { sharedLedger } from "./shared-ledger.ts";
import { sharedLetters } from "./shared-letters.ts";
import { SharedPlace } from "./shared-place.ts";
import { keepToken, newToken } from "./token.ts";

export interface DevServerOptions {
  /** Of the page and the REST surface; 0: any that is free. @default 4319 */
  readonly port?: number;
  /** Where OTLP over HTTP is received; 0: any that is free. @default 4318 */
  readonly otlpPort?: number;
  /** The file in which telemetry is kept. @default ".agent-otel/telemetry.db" */
  readonly telemetryDb?: string;
  /** What the application shares: a file, or the URL of PostgreSQL. @default AGENT_OTEL_DB, else `.agent-otel/agent-otel.db` */
  readonly db?: string;
  /** The URL of Redis, where the breakers of the application are shared there. */
  readonly redis?: string;
  /** How long spans are kept, milliseconds. @default 7 days */
  readonly maxAgeMs?: number;
  /** Beyond so many spans the oldest go. @default 1_000_000 */
  readonly maxSpans?: number;
  /** More names under which this machine is reached, as `host.docker.internal`. */
  readonly allowHosts?: readonly string[];
  /** The folder of the page. @default the one in this package */
  readonly page?: string;
}

export interface DevServer {
  /** Of the page, without the token. */
  readonly url: string;
  /** Of the page, with the token for writes in its fragment, which browsers send nowhere. */
  readonly urlWithToken: string;
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlpUrl: string;
  readonly token: string;
  /** Files: telemetry, the token, and what the application shares. */
  readonly telemetryDb: string;
  readonly tokenFile: string;
  readonly sharedPlace: string;
  /** Answers what has begun, writes what has come in, and closes all files. Safe to call twice. */
  close(): Promise<void>;
}

const EXPORTERS = 256;
const BROWSERS = 128;
/** The same from src/server/dev and from the files that are made of it. */
const PAGE = ["../../../dist/web", "./web", "../web"];

/**
 * Receives OTLP, keeps it in one file, and shows it: what `agent-otel dev` runs, on 127.0.0.1 alone.
 *
 * @throws PortInUseError; StoreInUseError where another one has the same file; StoreTooNewError, StoreUnusableError; TypeError and RangeError
 *   on a bad option. Nothing is left running then.
 */
export async function devServer(options: DevServerOptions = {}): Promise<DevServer> {
  const place = new SharedPlace({ db: options.db, redis: options.redis });
  const closing: (() => Promise<void> | void)[] = [() => place.close()];
  try {
    await place.check();
    const store = telemetryStore(storeOptions(options));
    closing.push(() => store.close());
    const signals = watchSignals(store);
    closing.push(() => signals.close());
    const receiving = await listenOn(options.otlpPort ?? 4318, "--otlp-port", EXPORTERS, (port) =>
      guarded(
        otlpReceiver(store),
        loopbackGuard({ port, allowHosts: options.allowHosts ?? [], ownPages: false }),
      ),
    );
    closing.push(() => receiving.close());
    const token = newToken();
    const showing = await listenOn(options.port ?? 4319, "--port", BROWSERS, (port) =>
      guarded(
        siteOf(sourcesOf(store, signals, place), token, options.page ?? packagedPage()),
        loopbackGuard({ port, allowHosts: options.allowHosts ?? [], ownPages: true }),
      ),
    );
    closing.push(() => showing.close());
    const tokenFile = `${store.path}.token`;
    closing.push(keepToken(tokenFile, token));
    const url = `http://127.0.0.1:${showing.port}/`;
    return {
      url,
      urlWithToken: `${url}#token=${token}`,
      otlpUrl: `http://127.0.0.1:${receiving.port}`,
      token,
      telemetryDb: store.path,
      tokenFile,
      sharedPlace: place.name,
      close: () => closeAll(closing),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

function storeOptions({ telemetryDb, maxAgeMs, maxSpans }: DevServerOptions): TelemetryStoreOptions {
  return {
    ...(telemetryDb !== undefined && { path: telemetryDb }),
    retention: { ...(maxAgeMs !== undefined && { maxAgeMs }), ...(maxSpans !== undefined && { maxSpans }) },
  };
}

/** What was refused and answered by fallbacks in the window that health looks at. */
function watchSignals({ sources }: TelemetryStore): SignalWatch {
  const { windowMs } = healthSettings({});
  const watch = new SignalWatch({ collect: sources.metrics }, windowMs, systemClock, systemAfter);
  watch.start();
  return watch;
}

/** What telemetry tells, with what can be done about it in the database that the application shares. */
function sourcesOf({ sources }: TelemetryStore, watch: SignalWatch, place: SharedPlace): AgentsSources {
  const { metrics: _, ...others } = sources;
  const breakers = sharedBreakers(sources.breakers, place);
  return {
    ...others,
    breakers,
    signals: { signals: () => withStates(watch.signals(), breakers) },
    ledger: sharedLedger(sources.ledger, place),
    deadLetters: sharedLetters(place),
  };
}

/** A breaker that has just opened is in its events before it is in its metrics. */
async function withStates(
  signals: ReadonlyMap<string, AgentSignals>,
  breakers: BreakerSource,
): Promise<ReadonlyMap<string, AgentSignals>> {
  const all = new Map(signals);
  for (const { name, state } of await breakers.list())
    all.set(name, { ...(all.get(name) ?? NO_SIGNALS), breakerState: state });
  return all;
}

function siteOf(sources: AgentsSources, token: string, page: string): FetchHandler {
  const router = agentsRouter({ sources, tokens: { operate: [token] } });
  const files = pageFiles(page);
  return (request) => (new URL(request.url).pathname.startsWith("/api/") ? router(request) : files(request));
}

/** What listens is told its port before it knows its guard, since 0 stands for any that is free. */
async function listenOn(
  port: number,
  option: string,
  maxConnections: number,
  handlerFor: (port: number) => FetchHandler,
): Promise<Listening> {
  let handler: FetchHandler | undefined;
  const fetch: FetchHandler = (request) => handler?.(request) ?? problemResponse(503, "not ready yet");
  const listening = await listenOnLoopback(fetch, { port, option, maxConnections });
  handler = handlerFor(listening.port);
  return listening;
}

/** Who is refused keeps no connection. */
function guarded(handler: FetchHandler, guard: (request: Request) => Response | undefined): FetchHandler {
  return (request) => {
    const refusal = guard(request);
    refusal?.headers.set("Connection", "close");
    return refusal ?? handler(request);
  };
}

function packagedPage(): string {
  const here = fileURLToPath(new URL(".", import.meta.url));
  const found = PAGE.map((path) => join(here, path)).find((path) => existsSync(join(path, "index.html")));
  if (found === undefined)
    throw new Error("the files of the page are missing from this package; install it again");
  return found;
}

/** In the reverse order, and all of them. */
async function closeAll(closing: (() => Promise<void> | void)[]): Promise<void> {
  for (let close = closing.pop(); close !== undefined; close = closing.pop()) {
    try {
      await close();
    } catch (error) {
      reportFailure("closing the local server", error);
    }
  }
}
