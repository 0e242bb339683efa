import type { Exchange } from "../../../../pipeline/durable-span-exporter/send/exchange.ts";
import { hideSecrets } from "../../../../pipeline/environment/otlp-endpoint.ts";
import { type Finding, finding } from "../finding.ts";
import type { Target } from "./ask.ts";
import { connectionFinding } from "./connection.ts";

const GRPC_PORT = "4317";

/**
 * What is wrong with an endpoint, by its URL and by what it answered.
 *
 * @returns `undefined`: it takes OTLP as it is sent.
 */
export function diagnose(target: Target, answer: Exchange): Finding | undefined {
  const url = new URL(target.url);
  const ok = answer.kind === "answered" && isOtlp(answer);
  return ok ? undefined : (urlFinding(url, target) ?? answerFinding(target, answer));
}

/** Mistakes that the URL itself shows, once it does not work. */
function urlFinding(url: URL, { url: text, signal }: Target): Finding | undefined {
  const shown = hideSecrets(text);
  const path = `/v1/${signal}`;
  if (url.port === GRPC_PORT)
    return finding(
      "endpoint_wrong",
      `${shown}: port ${GRPC_PORT} is for OTLP over gRPC, and agent-otel speaks OTLP over HTTP`,
      `name the HTTP port, which is 4318 by default: ${url.protocol}//${url.hostname}:4318`,
    );
  if (url.pathname.split(path).length > 2)
    return finding(
      "endpoint_wrong",
      `${shown}: ${path} stands in it twice, since it is added to OTEL_EXPORTER_OTLP_ENDPOINT and to --endpoint`,
      "leave the path out there, or set the variable of the signal, which is taken as it stands",
    );
  if (!url.pathname.endsWith(path))
    return finding(
      "endpoint_wrong",
      `${shown}: the path is not ${path}; the variable of one signal is taken as it stands`,
      `add ${path} to OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT, or set OTEL_EXPORTER_OTLP_ENDPOINT`,
    );
  return undefined;
}

function answerFinding(target: Target, answer: Exchange): Finding {
  const shown = hideSecrets(target.url);
  if (answer.kind === "ended")
    return finding(
      "endpoint_unreachable",
      `${shown}: no answer in time`,
      "check host and port, and whether a firewall is in between",
    );
  if (answer.kind === "failed") return connectionFinding(target.url, answer.error);
  return statusFinding(target, answer);
}

function statusFinding(target: Target, answer: Extract<Exchange, { readonly kind: "answered" }>): Finding {
  const { status } = answer;
  const said = `${hideSecrets(target.url)}: answers ${status}`;
  const text = Buffer.from(answer.body.bytes).toString("latin1");
  if (status === 400 && /http request .*https server|plain http request/i.test(text))
    return finding("endpoint_wrong", `${said}, since it speaks https`, "begin the URL with https://");
  if (status === 401 || status === 403)
    return finding(
      "endpoint_refuses",
      `${said}: the key is missing or wrong`,
      "check OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20KEY",
    );
  if (status === 404 || status === 405)
    return finding(
      "endpoint_wrong",
      `${said}: there is no OTLP receiver at this path`,
      `give the base that its documents name for OTLP over HTTP; /v1/${target.signal} is added to it`,
    );
  if (status === 415) {
    const other = target.protocol === "http/json" ? "http/protobuf" : "http/json";
    return finding(
      "endpoint_wrong",
      `${said}: it does not take ${target.protocol}`,
      `set OTEL_EXPORTER_OTLP_PROTOCOL=${other}`,
    );
  }
  if (status >= 300 && status < 400)
    return finding(
      "endpoint_wrong",
      `${said}, a redirect, which exporters do not follow`,
      "name the place it leads to",
    );
  if (status >= 200 && status < 300)
    return finding(
      "endpoint_wrong",
      `${said} with a web page: this is no OTLP receiver`,
      "check host and port",
    );
  return finding(
    "endpoint_refuses",
    `${said} to an empty OTLP request`,
    "look at the log of the receiver; what it refuses is lost or waits",
  );
}

/** Some servers answer 200 to everything. A receiver answers in the type that it was asked in, or with nothing. */
function isOtlp({ status, headers, body }: Extract<Exchange, { readonly kind: "answered" }>): boolean {
  if (status < 200 || status > 299) return false;
  const type = headers["content-type"] ?? "";
  return body.bytes.byteLength === 0 || !/^text\/html/i.test(type);
}
