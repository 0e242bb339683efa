import { renderMarkdown } from "@grafana/data";
import type { BodyProps } from "./panel-body.tsx";

export function TextPanel({ panel }: BodyProps) {
  const html = renderMarkdown(String(panel.options?.["content"] ?? ""));
  // biome-ignore lint/security/noDangerouslySetInnerHtml: renderMarkdown sanitizes, as in Grafana's own text panel.
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}
