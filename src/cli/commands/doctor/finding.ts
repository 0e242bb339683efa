/** What doctor may find. Fixed words: scripts compare them, and `--ignore` takes them. */
export const FINDING_CODES = [
  "bad_configuration",
  "client_bundled",
  "client_not_patched",
  "content_capture",
  "endpoint_refuses",
  "endpoint_unreachable",
  "endpoint_wrong",
  "node_too_old",
  "not_installed",
  "not_started",
  "nothing_sent",
  "peer_version",
  "price_file",
  "program_not_seen",
  "program_warned",
  "register_missing",
  "register_too_late",
  "several_copies",
  "spool_growing",
  "spool_unusable",
  "store_unusable",
  "two_sdks",
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One mistake. */
export interface Finding {
  readonly code: FindingCode;
  /** What is wrong, with the names and values that show it. */
  readonly message: string;
  /** What to do. */
  readonly fix: string;
}

/** What one check says. */
export interface Checked {
  readonly findings: readonly Finding[];
  /** In a few words, what was looked at; where nothing was, why. */
  readonly detail: string;
  readonly skipped?: true;
}

export function fine(detail: string): Checked {
  return { findings: [], detail };
}

export function skipped(detail: string): Checked {
  return { findings: [], detail, skipped: true };
}

/** @param detail Where there is no finding. */
export function found(findings: readonly Finding[], detail: string): Checked {
  return { findings, detail };
}

export function finding(code: FindingCode, message: string, fix: string): Finding {
  return { code, message, fix };
}
