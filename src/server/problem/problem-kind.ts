/** What kinds of problems there are, and what each is answered with. `type` of a problem is `urn:agent-otel:problem:` and the name. */
export const PROBLEM_KINDS = {
  bad_parameter: { status: 400, title: "Bad parameter" },
  bad_body: { status: 400, title: "Bad body" },
  unauthorized: { status: 401, title: "A token is needed" },
  forbidden: { status: 403, title: "Not allowed" },
  not_configured: { status: 403, title: "Nobody may do this yet" },
  cross_origin: { status: 403, title: "Asked for by another site" },
  not_found: { status: 404, title: "Not found" },
  not_available: { status: 404, title: "Not available here" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Not possible now" },
  not_reachable: { status: 409, title: "Not reachable from here" },
  body_too_large: { status: 413, title: "Body too large" },
  unsupported_media_type: { status: 415, title: "Not JSON" },
  too_many_attempts: { status: 429, title: "Too many wrong tokens" },
  too_many_connections: { status: 429, title: "Too many connections" },
  unavailable: { status: 503, title: "Not available now" },
} as const;

export type ProblemKind = keyof typeof PROBLEM_KINDS;
