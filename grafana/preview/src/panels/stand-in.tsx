import type { ReactNode } from "react";
import { colorsOf } from "../colors.ts";
import type { BodyProps } from "./panel-body.tsx";

/** In place of a panel that Grafana does not publish. */
export function StandIn({ panel, theme, children }: BodyProps & { readonly children: ReactNode }) {
  return (
    <div style={{ padding: 8, color: colorsOf(theme).weak }}>
      <small>stand-in for {panel.type}: </small>
      {children}
    </div>
  );
}
