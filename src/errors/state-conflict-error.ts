import { AgentError } from "./agent-error.ts";

/** Two wrote one key, or one wrote what the other had read. */
export interface StateConflictFacts {
  /** Name of the shared state. */
  readonly state: string;
  readonly key: string;
  /** What is there now; `undefined`: deleted, or never there. A copy. */
  readonly current: unknown;
  readonly currentVersion: number;
  /** Who wrote what is there now. Empty where nobody ever did. */
  readonly modifiedBy: string;
  /** What was to be written; `undefined`: it was to be deleted, or was only read. */
  readonly attempted: unknown;
  /** The version that the writer had seen. 0: none was there. */
  readonly expectedVersion: number;
  /** The writer. */
  readonly agent: string;
}

/** Nothing was written, since somebody else has written in between. Read again, and decide anew. */
export class StateConflictError extends AgentError implements StateConflictFacts {
  readonly code = "state_conflict";
  readonly state: string;
  readonly key: string;
  readonly current: unknown;
  readonly currentVersion: number;
  readonly modifiedBy: string;
  readonly attempted: unknown;
  readonly expectedVersion: number;
  readonly agent: string;

  constructor(facts: StateConflictFacts) {
    const { state, key, currentVersion, modifiedBy, expectedVersion, agent } = facts;
    const now =
      currentVersion === 0
        ? "is not there"
        : `has version ${currentVersion} by ${JSON.stringify(modifiedBy)}`;
    super(
      `${JSON.stringify(key)} of the shared state "${state}" ${now}, and not version ${expectedVersion}, which ${JSON.stringify(agent)} has seen`,
    );
    this.state = state;
    this.key = key;
    this.current = facts.current;
    this.currentVersion = currentVersion;
    this.modifiedBy = modifiedBy;
    this.attempted = facts.attempted;
    this.expectedVersion = expectedVersion;
    this.agent = agent;
  }
}
