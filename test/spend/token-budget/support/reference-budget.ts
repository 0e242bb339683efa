/** A lease as the rules have it, and nothing else. */
interface ReferenceLease {
  readonly agent: number;
  readonly fromReserve: number;
  left: number;
  open: boolean;
  endMs: number;
}

export interface ReferenceAgent {
  readonly priority: number;
  readonly usesReserve: boolean;
  allocated: number;
  used: number;
  lastMs: number;
}

/**
 * The rules of the token budget, word for word and slow: what is granted is counted from the leases each time. Shares are given, and
 * nobody reports more than he was granted.
 */
export class ReferenceBudget {
  readonly agents: readonly ReferenceAgent[];
  readonly leases: ReferenceLease[] = [];
  readonly #open = new Set<ReferenceLease>();
  readonly #leaseMs: number;
  free: number;
  reserve: number;

  constructor(agents: readonly ReferenceAgent[], free: number, reserve: number, leaseMs: number) {
    this.agents = agents;
    this.free = free;
    this.reserve = reserve;
    this.#leaseMs = leaseMs;
  }

  granted(agent: number): number {
    let granted = 0;
    for (const lease of this.#open) if (lease.agent === agent) granted += lease.left;
    return granted;
  }

  rest(agent: number): number {
    return this.agents[agent]!.allocated - this.agents[agent]!.used - this.granted(agent);
  }

  /** @returns What is granted; 0 for a refusal. */
  request(agent: number, tokens: number, min: number, nowMs: number): number {
    this.expire(nowMs);
    const self = this.agents[agent]!;
    let missing = tokens - Math.min(tokens, this.rest(agent));
    const free = Math.min(missing, this.free);
    missing -= free;
    const reserved = self.usesReserve ? Math.min(missing, this.reserve) : 0;
    missing -= reserved;
    const donors = this.agents
      .map((each, index) => ({ ...each, index, rest: this.rest(index) }))
      .filter(({ index }) => index !== agent)
      .sort((a, b) => a.lastMs - b.lastMs || a.priority - b.priority);
    const takes = donors.map(({ index, rest }) => {
      const take = Math.min(Math.floor(rest / 2), missing);
      missing -= take;
      return [index, take] as const;
    });
    if (tokens - missing < min) return 0;
    for (const [index, take] of takes) {
      this.agents[index]!.allocated -= take;
      self.allocated += take;
    }
    this.free -= free;
    this.reserve -= reserved;
    self.allocated += free + reserved;
    self.lastMs = nowMs;
    const left = tokens - missing;
    const lease = { agent, fromReserve: reserved, left, open: true, endMs: nowMs + this.#leaseMs };
    this.leases.push(lease);
    this.#open.add(lease);
    return left;
  }

  /** @param tokens At most what the lease has left. */
  report(lease: number, tokens: number, nowMs: number): void {
    this.expire(nowMs);
    const each = this.leases[lease]!;
    this.agents[each.agent]!.lastMs = nowMs;
    if (!each.open) return;
    each.left -= tokens;
    each.endMs = nowMs + this.#leaseMs;
    this.agents[each.agent]!.used += tokens;
  }

  release(lease: number, nowMs: number): void {
    this.expire(nowMs);
    const each = this.leases[lease]!;
    if (!each.open) return;
    this.#end(each);
    this.agents[each.agent]!.lastMs = nowMs;
  }

  expire(nowMs: number): void {
    for (const lease of this.#open) if (lease.endMs <= nowMs) this.#end(lease);
  }

  #end(lease: ReferenceLease): void {
    const back = Math.min(lease.left, lease.fromReserve);
    this.reserve += back;
    this.agents[lease.agent]!.allocated -= back;
    lease.left = 0;
    lease.open = false;
    this.#open.delete(lease);
  }
}
