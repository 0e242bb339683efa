import type { Group } from "./timeline.ts";

export interface Size {
  readonly tokens: number;
  readonly messages: number;
}

/**
 * Chooses what leaves: whole exchanges, the oldest first; then, of the newest one, its oldest groups. The system prompt stays, and what is
 * pinned, with what the user had said before it; and the newest group, with what the user had said.
 *
 * @param size Of all groups.
 * @param goals From the smallest on: the first one that all that must stay fits into.
 */
export function chooseEvicted<M>(
  groups: readonly Group<M>[],
  size: Size,
  goals: readonly Size[],
): ReadonlySet<Group<M>> {
  const newest = groups.findLast(({ kind }) => kind !== "system");
  const stays = staying(groups, newest);
  const must = sizeOf(groups.filter(stays));
  const goal = goals.find((each) => fits(must, each)) ?? goals.at(-1)!;
  const evicted = new Set<Group<M>>();
  let left = size;
  for (const unit of unitsOf(groups, stays, newest?.exchange)) {
    if (fits(left, goal)) break;
    for (const group of unit) evicted.add(group);
    const { tokens, messages } = sizeOf(unit);
    left = { tokens: left.tokens - tokens, messages: left.messages - messages };
  }
  return evicted;
}

export function fits(size: Size, limit: Size): boolean {
  return size.tokens <= limit.tokens && size.messages <= limit.messages;
}

/** Whether a group stays whatever happens. @param newest The group that stays since it is the newest. */
export function staying<M>(
  groups: readonly Group<M>[],
  newest: Group<M> | undefined,
): (group: Group<M>) => boolean {
  const kept = new Set<number>();
  for (const { isPinned, exchange } of groups) if (isPinned) kept.add(exchange);
  if (newest !== undefined) kept.add(newest.exchange);
  return (group) =>
    group.kind === "system" ||
    group === newest ||
    group.isPinned ||
    (group.kind === "opener" && kept.has(group.exchange));
}

/** What leaves at once, in the order in which it leaves. Mostly the first one is enough. */
function* unitsOf<M>(
  groups: readonly Group<M>[],
  stays: (group: Group<M>) => boolean,
  newest: number | undefined,
): Generator<readonly Group<M>[]> {
  let unit: Group<M>[] = [];
  for (const group of groups) {
    if (stays(group)) continue;
    const isNext =
      unit[0] !== undefined && (unit[0].exchange !== group.exchange || group.exchange === newest);
    if (isNext) {
      yield unit;
      unit = [];
    }
    unit.push(group);
  }
  yield unit;
}

function sizeOf<M>(groups: readonly Group<M>[]): Size {
  let tokens = 0;
  let messages = 0;
  for (const group of groups) {
    messages += group.entries.length;
    tokens += group.tokens;
  }
  return { tokens, messages };
}
