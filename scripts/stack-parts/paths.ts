import { homedir } from "node:os";
import { join, resolve } from "node:path";

export const CHECKOUT = resolve(import.meta.dirname, "../..");

/** Built programs and Go's own caches: shared by all checkouts of one user. */
export const CACHE = resolve(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "agent-otel");
