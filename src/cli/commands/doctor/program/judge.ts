import { fileURLToPath } from "node:url";
import { counted } from "../../../../telemetry/format-trace-numbers.ts";
import { modeOf } from "../checks/configuration.ts";
import { type Checked, type Finding, finding, found } from "../finding.ts";
import type { Project } from "../project/project.ts";
import type { ProgramRun } from "./run-program.ts";
import type { Sighting } from "./sighting.ts";

type Seen<K extends Sighting["kind"]> = Extract<Sighting, { readonly kind: K }>;

const START = "start it with node --import agent-otel/register, before all other --import";
const SECOND_SDK =
  /registers an OpenTelemetry SDK of its own|has registered a tracer provider of its own|Attempted duplicate registration of API/;
/** Told by the checks of endpoints and clients. */
const TOLD_ELSEWHERE =
  /do(?:es)? not reach|^spans for \S+ are lost|is not known: calls of programs|has none of the methods/;

/** What was seen of the program, in mistakes. */
export function judge({ sightings }: ProgramRun, project: Project): Checked {
  if (!sightings.some(({ kind }) => kind === "start")) {
    const message = "the program loaded no Node.js that the probe could be put into";
    return found(
      [finding("program_not_seen", message, "name it as node with its file, and with Node 22.15 or later")],
      "",
    );
  }
  const findings = [...Map.groupBy(sightings, ({ pid }) => pid).values()].flatMap((each) =>
    processFindings(each, project),
  );
  return found([...new Map(findings.map((each) => [each.message, each])).values()], summary(sightings));
}

function processFindings(sightings: readonly Sighting[], project: Project): readonly Finding[] {
  const clients = of(sightings, "client");
  const said = of(sightings, "said").map(({ text }) => text.replace(/^agent-otel: /, ""));
  const isSecond = said.some((text) => SECOND_SDK.test(text));
  return [
    ...clients.flatMap((client) => clientFindings(client, sightings, project)),
    ...(isSecond
      ? [
          finding(
            "two_sdks",
            `the program registers an SDK of its own beside that of agent-otel${providers(sightings)}`,
            "keep one: set AGENT_OTEL_SDK=external and give yours agentSpanProcessor() and agentMetrics()",
          ),
        ]
      : startFindings(sightings, project)),
    ...spanFindings(sightings),
    ...said
      .filter((text) => !SECOND_SDK.test(text) && !TOLD_ELSEWHERE.test(text))
      .map((text) => finding("program_warned", `agent-otel said: ${text}`, "see to what it says")),
  ];
}

function clientFindings(
  client: Seen<"client">,
  sightings: readonly Sighting[],
  project: Project,
): readonly Finding[] {
  const { name, url, way, hooked } = client;
  const register = of(sightings, "register")[0];
  const isBefore = register !== undefined && sightings.indexOf(register) < sightings.indexOf(client);
  const patched =
    way === "import" ? of(sightings, "shim").some((shim) => shim.url === url) : hooked && isBefore;
  if (patched) return [];
  if (register === undefined) {
    if (isObserved(project)) return [];
    return [finding("register_missing", `${name} is loaded, and agent-otel/register is not`, START)];
  }
  if (register.from !== undefined) {
    const file = pathOf(register.from);
    const message = `${name} is loaded before agent-otel/register, which ${file} imports`;
    return [finding("register_too_late", message, START)];
  }
  if (!isBefore) {
    const message = `${name} is loaded before agent-otel/register, by what stands before it`;
    return [finding("register_too_late", message, START)];
  }
  const message = `${name} (${pathOf(url)}) is loaded without the hooks`;
  return [
    finding("client_not_patched", message, "install a version that is known, or wrap it with observe()"),
  ];
}

/** A provider of ours, or one that is meant to be the program's. */
function startFindings(sightings: readonly Sighting[], { env }: Project): readonly Finding[] {
  const isRegistered = of(sightings, "register").length > 0;
  if (!isRegistered || of(sightings, "provider").length > 0) return [];
  const mode = modeOf(env);
  if (mode === "disabled" || mode === undefined) return [];
  if (mode === "start")
    return [
      finding(
        "not_started",
        "agent-otel/register was loaded, and no tracer provider was registered",
        "read what the program wrote to stderr at its start",
      ),
    ];
  return [
    finding(
      "not_started",
      "AGENT_OTEL_SDK=external, and the program registered no SDK of its own while it ran",
      "register it, with agentSpanProcessor(), or unset AGENT_OTEL_SDK",
    ),
  ];
}

function spanFindings(sightings: readonly Sighting[]): readonly Finding[] {
  const { made = 0, sampled = 0 } = of(sightings, "spans").at(-1) ?? {};
  if (made === 0 || sampled > 0) return [];
  const message = `${counted(made, "span")} made, and the sampler kept none`;
  return [
    finding("nothing_sent", message, "look at OTEL_TRACES_SAMPLER, and at the sampler given to start()"),
  ];
}

function summary(sightings: readonly Sighting[]): string {
  const lasts = [...Map.groupBy(of(sightings, "spans"), ({ pid }) => pid).values()].map((each) =>
    each.at(-1),
  );
  const sum = (key: "made" | "sampled"): number => lasts.reduce((all, each) => all + (each?.[key] ?? 0), 0);
  const clients = [...new Set(of(sightings, "client").map(({ name }) => name))];
  return [
    clients.length === 0 ? "no model client was loaded" : clients.join(", "),
    `${counted(sum("made"), "span")}, ${sum("sampled")} of them sampled`,
  ].join("; ");
}

/** Clients that the program wraps itself. */
function isObserved({ files }: Project): boolean {
  return [...files.texts.values()].some((text) => text.includes("agent-otel") && /\bobserve\(/.test(text));
}

function providers(sightings: readonly Sighting[]): string {
  const others = of(sightings, "provider").flatMap(({ by }) =>
    by === undefined || by === "agent-otel" ? [] : [by],
  );
  return others.length === 0 ? "" : ` (${others.join(", ")})`;
}

function of<K extends Sighting["kind"]>(sightings: readonly Sighting[], kind: K): readonly Seen<K>[] {
  return sightings.filter((each): each is Seen<K> => each.kind === kind);
}

function pathOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
