import { useState } from "preact/hooks";
import type { LogLine, TraceSpanRow } from "../../../server/api/traces.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Time } from "../../ui/facts.tsx";

interface LogLinesProps {
  readonly lines: readonly LogLine[];
  /** The span that is chosen. */
  readonly span: TraceSpanRow | undefined;
}

export function LogLines({ lines, span }: LogLinesProps) {
  const [onlySpan, setOnlySpan] = useState(false);
  if (lines.length === 0) {
    return (
      <Empty title="No log lines">
        <p>Lines of loggers such as pino and winston appear here when they are written within a span.</p>
      </Empty>
    );
  }
  const shown =
    onlySpan && span !== undefined ? lines.filter(({ span_id }) => span_id === span.span_id) : lines;
  return (
    <>
      {span !== undefined && (
        <label class="check">
          <input type="checkbox" checked={onlySpan} onChange={() => setOnlySpan(!onlySpan)} />
          Only those of the chosen span
        </label>
      )}
      {shown.length === 0 ? (
        <Empty title="The chosen span has no log lines" />
      ) : (
        <DataTable
          caption="Log lines"
          rows={shown.map((line, index) => ({ ...line, index }))}
          keyOf={({ index }) => String(index)}
          columns={[
            { key: "time", title: "Time", cell: ({ time }) => <Time at={time} /> },
            {
              key: "severity",
              title: "Severity",
              cell: ({ severity }) => <Badge tone={severityTone(severity)}>{severity.toLowerCase()}</Badge>,
            },
            {
              key: "body",
              title: "Line",
              wide: true,
              cell: ({ body, event_name }) => (
                <span class="log-body">
                  {event_name !== null && <code>{event_name}</code>} <bdi>{body}</bdi>
                </span>
              ),
            },
            { key: "service", title: "Service", cell: ({ service }) => service },
          ]}
        />
      )}
    </>
  );
}

function severityTone(severity: string): Tone {
  if (/^(error|fatal)/i.test(severity)) return "bad";
  return /^warn/i.test(severity) ? "warn" : "plain";
}
