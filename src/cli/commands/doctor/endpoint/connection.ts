import { hideSecrets } from "../../../../pipeline/environment/otlp-endpoint.ts";
import { type Finding, finding } from "../finding.ts";

const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER))/;
/** Node's TLS read something else than TLS. */
const NO_TLS =
  /^(?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST)$/;
/** The first byte of a TLS record: an alert, a handshake. */
const TLS_RECORDS: readonly (number | undefined)[] = [0x15, 0x16];
/** Type of the first frame of an HTTP/2 server. */
const SETTINGS = 4;

/** Why there was no answer. */
export function connectionFinding(url: string, error: Error): Finding {
  const shown = hideSecrets(url);
  const code = "code" in error ? String(error.code) : "";
  const secure = url.startsWith("https:");
  if (secure && NO_TLS.test(code))
    return finding("endpoint_wrong", `${shown}: speaks http, not https`, "begin the URL with http://");
  if (secure && CERTIFICATE.test(code))
    return finding(
      "endpoint_unreachable",
      `${shown}: its certificate is not trusted (${code})`,
      "name the file of its authority in OTEL_EXPORTER_OTLP_CERTIFICATE, and check the host's name",
    );
  const first = firstPacket(error);
  if (!secure && TLS_RECORDS.includes(first?.[0]))
    return finding("endpoint_wrong", `${shown}: speaks https, not http`, "begin the URL with https://");
  if (first?.[3] === SETTINGS)
    return finding(
      "endpoint_wrong",
      `${shown}: speaks HTTP/2, as OTLP over gRPC does`,
      "name its port for OTLP over HTTP, which is 4318 by default",
    );
  if (!secure && (code === "ECONNRESET" || code === ""))
    return finding(
      "endpoint_unreachable",
      `${shown}: the connection was closed without an answer`,
      "where it speaks https, begin the URL with https://; else check the port",
    );
  return finding("endpoint_unreachable", `${shown}: ${reasonOf(code, error)}`, fixOf(code, url));
}

/** What came in place of HTTP/1, where Node's parser keeps it. */
function firstPacket(error: Error): Uint8Array | undefined {
  const packet: unknown = "rawPacket" in error ? error.rawPacket : undefined;
  return packet instanceof Uint8Array ? packet : undefined;
}

function reasonOf(code: string, error: Error): string {
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED)";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `there is no host of this name (${code})`;
  return error.message === "" ? code : error.message;
}

function fixOf(code: string, url: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return "check the name; inside a container localhost is the container itself";
  const { hostname } = new URL(url);
  const local = /^(?:localhost|127\.|\[::1\])/.test(hostname);
  return local
    ? 'start a receiver there, such as "npx agent-otel dev", or set OTEL_EXPORTER_OTLP_ENDPOINT'
    : "start the receiver, or set OTEL_EXPORTER_OTLP_ENDPOINT to where it is";
}
