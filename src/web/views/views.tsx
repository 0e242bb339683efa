import type { ComponentChild } from "preact";
import type { Route } from "../router/route.ts";
import { Empty } from "../ui/empty.tsx";
import { ViewHead } from "../ui/view-head.tsx";
import { AgentView } from "./agent.tsx";
import { AgentsView } from "./agents.tsx";
import { BreakersView } from "./breakers.tsx";
import { CostsView } from "./costs.tsx";
import { DeadLettersView } from "./dead-letters.tsx";
import { FailuresView } from "./failures.tsx";
import { GraphView } from "./graph.tsx";
import { OverviewView } from "./overview.tsx";
import { TraceView } from "./trace.tsx";
import { TracesView } from "./traces.tsx";

/** What a route shows, and a key that changes when it is another thing. */
export function viewOf({ path }: Route): { readonly key: string; readonly view: ComponentChild } {
  return { key: path.join("/"), view: choose(path) };
}

function choose([view, name, ...rest]: readonly string[]): ComponentChild {
  if (rest.length > 0) return <NotFound />;
  if (name !== undefined) {
    if (view === "agents") return <AgentView name={name} />;
    return view === "traces" ? <TraceView id={name} /> : <NotFound />;
  }
  switch (view) {
    case undefined:
      return <OverviewView />;
    case "graph":
      return <GraphView />;
    case "agents":
      return <AgentsView />;
    case "traces":
      return <TracesView />;
    case "costs":
      return <CostsView />;
    case "breakers":
      return <BreakersView />;
    case "failures":
      return <FailuresView />;
    case "dead-letters":
      return <DeadLettersView />;
    default:
      return <NotFound />;
  }
}

function NotFound() {
  return (
    <>
      <ViewHead title="Not found" />
      <Empty title="There is no such view">
        <p>
          <a href="#/">Go to the overview</a>
        </p>
      </Empty>
    </>
  );
}
