import { NotRecordedError } from "../../errors/not-recorded-error.ts";
import { printable } from "../../telemetry/format-trace-text.ts";
import { type Difference, differences } from "./differences.ts";
import type { RecordedRequest } from "./recording.ts";

const MAX_DIFFERENCES = 8;
const MAX_LINE = 200;

/** Says what was asked, which recorded request is nearest, and what to do. */
export function notRecorded(
  file: string,
  asked: RecordedRequest,
  recorded: readonly RecordedRequest[],
): NotRecordedError {
  const nearest = nearestOf(asked, recorded);
  const lines = [
    `recordProvider: this request is not among the ${recorded.length} in ${file}, and nothing was sent:`,
    `  ${lineOf(asked)}`,
    ...(nearest === undefined ? ["No recorded request goes to this path."] : linesOf(nearest)),
    'Record again with AGENT_OTEL_RECORD=1, or add what is missing with mode "auto".',
  ];
  return new NotRecordedError(lines.join("\n"), {
    file,
    method: asked.method,
    path: asked.path,
    model: asked.model,
    differences: nearest?.places.map(({ path, text }) => `${path}: ${text}`) ?? [],
  });
}

interface Nearest {
  readonly request: RecordedRequest;
  readonly places: readonly Difference[];
}

/** Of those to the same path the one that differs in the fewest places; of the same model first. */
function nearestOf(asked: RecordedRequest, recorded: readonly RecordedRequest[]): Nearest | undefined {
  const samePath = recorded.filter(({ method, path }) => method === asked.method && path === asked.path);
  const sameModel = samePath.filter(({ model }) => model === asked.model);
  let nearest: Nearest | undefined;
  for (const request of sameModel.length > 0 ? sameModel : samePath) {
    const places = differences(request.body, asked.body);
    if (nearest === undefined || places.length < nearest.places.length) nearest = { request, places };
  }
  return nearest;
}

function linesOf({ request, places }: Nearest): string[] {
  const shown = places
    .slice(0, MAX_DIFFERENCES)
    .map(({ path, text }) => `  ${printable(path, MAX_LINE)}: ${text}`);
  const more = places.length - shown.length;
  return [
    `The nearest recorded one differs in ${places.length === 1 ? "1 place" : `${places.length} places`}:`,
    `  ${lineOf(request)}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function lineOf({ method, path, model }: RecordedRequest): string {
  return printable([method, path, model].filter(Boolean).join(" "), MAX_LINE);
}
