import { Operation, type OperationParts } from "./operation.ts";

/** Operations of which nobody said that they ended; more than this are ended, oldest first. */
const MOST_AT_ONCE = 10_000;

/**
 * Documented registry: what the AI SDK is doing now, by its own id. One for all hooks, since a hook that is registered twice is told of
 * everything twice: the first one that hears of an operation has it.
 */
const open = new Map<string, Operation>();

/** @param parts Asked for where nobody has the operation yet. */
export function openOperation(id: string, parts: () => OperationParts): void {
  if (open.has(id)) return;
  const operation = new Operation({ ...parts(), ended: () => void open.delete(id) });
  open.set(id, operation);
  if (open.size <= MOST_AT_ONCE) return;
  const [oldest] = open.values();
  oldest?.leave();
}

/** @returns `undefined` where another hook has it. An operation that is not known, or was over already, is one without an agent. */
export function operationOf(id: string | undefined, owner: object): Operation | undefined {
  const known = id === undefined ? undefined : open.get(id);
  if (known === undefined) return new Operation();
  return known.owner === owner ? known : undefined;
}
