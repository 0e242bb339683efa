import type { ComponentChildren } from "preact";
import { CopyCommand } from "./copy-command.tsx";

/** Nothing is there, and what to do about it, or that it is well so. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** For a server that nobody has sent anything to. */
export function NoTelemetry() {
  return (
    <Empty title="No telemetry yet">
      <p>Start your program with agent-otel in front. It sends traces, tokens and costs to this server:</p>
      <CopyCommand command="npm install agent-otel" />
      <CopyCommand command="OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 node --import agent-otel/register app.js" />
      <p>What it does appears here within a few seconds.</p>
    </Empty>
  );
}
