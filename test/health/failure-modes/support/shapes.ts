import * as names from "../../../../src/telemetry/semconv.ts";
import type { TraceMaker } from "./trace-maker.ts";

/** What is made to go wrong, in the words of MAST's descriptions. */
export type Fault =
  /** FM-1.3: unnecessary reiteration of steps that had been completed. */
  | "step_repetition"
  /** FM-1.5: does not see that it should stop. */
  | "unaware_of_termination"
  /** FM-3.1: ends before all is exchanged or the objectives are met. */
  | "premature_termination"
  /** FM-3.2: the outcome is not checked, or not all of it. */
  | "missing_verification";

export interface Shape {
  readonly name: string;
  readonly faults: readonly Fault[];
  make(maker: TraceMaker, fault?: Fault): void;
}

type Act = () => void;

/** An agent that asks its model, does what it says, and asks again, until it answers. */
function loop(m: TraceMaker, acts: readonly Act[], answer: Act = () => m.model()): void {
  for (const act of acts) {
    m.model({ finish: "tool_calls" });
    act();
    // Now and then the model asks for what it could have asked for in one go, or is asked again after a network error.
    if (m.rng.chance(0.05)) m.model({ fail: "timeout" });
  }
  answer();
}

/** Puts `act`, which was done, in again: two to five more times, with things in between that bring nothing new. */
function repeated(m: TraceMaker, acts: readonly Act[], act: Act, useless: readonly Act[]): Act[] {
  const at = acts.indexOf(act) + 1;
  const again: Act[] = [];
  for (let i = m.rng.whole(2, 5); i > 0; i--) {
    if (useless.length > 0 && m.rng.chance(0.4)) again.push(m.rng.of(useless));
    again.push(act);
  }
  return [...acts.slice(0, at), ...again, ...acts.slice(at)];
}

/** A tool that fails and is tried again with the same arguments, as a policy does it or as the model decides. */
function retried(m: TraceMaker, tool: string, args: unknown): Act {
  return () => {
    for (let i = m.rng.whole(0, 2); i > 0; i--) {
      m.tool(tool, args, { fail: m.rng.of(["timeout", "rate_limited", "ECONNRESET"]) });
      if (m.rng.chance(0.3)) m.model({ finish: "tool_calls" });
      else m.wait(m.rng.whole(50, 500));
    }
    m.tool(tool, args);
  };
}

const answered =
  (m: TraceMaker, fault: Fault | undefined): Act =>
  () => {
    if (fault === "premature_termination")
      m.model({ finish: m.rng.of(["length", "max_tokens"]), output: m.rng.whole(256, 4_096) });
    else m.model();
  };

/** Goes on though the goal is met. */
function pastTheGoal(m: TraceMaker, acts: readonly Act[]): void {
  m.event(names.EVENT_GOAL_MET);
  for (let i = m.rng.whole(1, 4); i > 0; i--) {
    if (m.rng.chance(0.5)) m.model({ finish: "tool_calls" });
    m.rng.of(acts)();
  }
}

/** One agent that searches, page after page, reads what it found, and answers. */
const researcher: Shape = {
  name: "researcher",
  faults: ["step_repetition", "unaware_of_termination", "premature_termination"],
  make(m, fault) {
    // Each act takes a model call or four; the cap is for the fault alone.
    const cap = fault === "unaware_of_termination" ? m.rng.whole(8, 40) : 80;
    const capped = fault === "unaware_of_termination" && m.rng.chance(0.5);
    const declared = fault === "unaware_of_termination" && !capped ? {} : { maxIterations: cap };
    m.agent("researcher", { args: ["why?"], tools: ["search", "read", "classify"], ...declared }, () => {
      const query = `q${m.rng.whole(1, 99)}`;
      const pages = m.rng.whole(1, 4);
      let acts: Act[] = [];
      for (let page = 1; page <= pages; page++) acts.push(retried(m, "search", { query, page }));
      for (let i = m.rng.whole(0, 3); i > 0; i--) acts.push(() => m.tool("read", { url: `u${i}` }));
      // A yes or no: one token, and cut there on purpose.
      if (m.rng.chance(0.3)) m.model({ finish: "length", output: 1, maxTokens: 1 });
      const broken: Act = () => m.tool("read", { url: "gone" }, { fail: "not_found" });
      if (fault === "step_repetition") acts = repeated(m, acts, m.rng.of(acts), [broken, () => m.model()]);
      const goal = m.rng.chance(0.5);
      if (capped) {
        for (let i = cap + m.rng.whole(1, 5); i > 0; i--) {
          m.model({ finish: "tool_calls" });
          m.tool("search", { query, i });
        }
        return;
      }
      // An answer that was cut is asked for on, until it is whole.
      const whole: Act = () => {
        if (m.rng.chance(0.15)) m.model({ finish: "length", output: 1_024 });
        answered(m, fault)();
      };
      for (const act of acts) {
        m.model({ finish: "tool_calls" });
        act();
      }
      whole();
      if (fault === "unaware_of_termination") pastTheGoal(m, [() => m.tool("read", { late: m.rng.next() })]);
      else if (goal) m.event(names.EVENT_GOAL_MET);
    });
  },
};

/** A supervisor and its workers, in turn or at once; each worker looks up the same settings first. */
const supervisor: Shape = {
  name: "supervisor",
  faults: ["step_repetition", "unaware_of_termination", "premature_termination"],
  make(m, fault) {
    const workers = ["searcher", "analyst", "writer"].slice(0, m.rng.whole(2, 3));
    const work = (worker: string, task: unknown): void =>
      m.agent(worker, { args: [task] }, () => {
        loop(m, [
          () => m.tool("settings", {}),
          retried(m, `${worker}_tool`, { task }),
          ...(m.rng.chance(0.5) ? [() => m.tool("lookup", { task, more: true })] : []),
        ]);
      });
    m.agent("supervisor", { args: ["task"], tools: [] }, () => {
      const rounds = m.rng.whole(1, 3);
      for (let round = 0; round < rounds; round++) {
        m.model({ finish: "tool_calls" });
        // The same worker several times at once, each with its part, or all with the same question, to take the best answer.
        if (m.rng.chance(0.4)) {
          const same = m.rng.chance(0.4);
          const worker = m.rng.of(workers);
          m.parallel(
            ...Array.from(
              { length: m.rng.whole(2, 5) },
              (_, i) => () => work(worker, same ? { round } : { round, i }),
            ),
          );
        } else for (const worker of workers) work(worker, { round, worker });
      }
      if (fault === "step_repetition") {
        // The supervisor gives a worker what that worker has done, or a worker does what it has done.
        const stuck = m.rng.of(workers);
        if (m.rng.chance(0.5)) {
          const cached = m.rng.chance(0.5);
          for (let i = m.rng.whole(3, 5); i > 0; i--) {
            m.model({ finish: "tool_calls" });
            m.agent(stuck, { args: ["same task"] }, () => {
              if (cached) m.model();
              else loop(m, [() => m.tool("settings", {}), () => m.tool("lookup", { same: 1 })]);
            });
          }
        } else {
          const same: Act = () => m.tool("lookup", { stuck: true });
          m.agent(stuck, { args: ["another"] }, () => loop(m, repeated(m, [same], same, [() => m.model()])));
        }
      }
      if (fault === "unaware_of_termination")
        pastTheGoal(
          m,
          workers.map((worker) => () => work(worker, { late: m.rng.next() })),
        );
      else if (fault === "premature_termination" && m.rng.chance(0.6)) {
        m.model({ finish: "tool_calls" });
        m.unawaited(() => work(m.rng.of(workers), { open: m.rng.next() }));
      } else answered(m, fault)();
    });
  },
};

/** A workflow of agents one after the other, whose drafts are checked, and written again where they are not good enough. */
const pipeline: Shape = {
  name: "pipeline",
  faults: ["premature_termination", "missing_verification", "unaware_of_termination"],
  make(m, fault) {
    const verifies = m.rng.chance(0.5) ? ["writer"] : ["*"];
    const byName = verifies[0] === "writer";
    const verifiedBy = byName ? ["reviewer"] : undefined;
    const requires = ["researcher", "writer", "reviewer"];
    // One that never checks at all is known as missing only where somebody has said what it checks.
    const never = fault === "missing_verification" && byName && m.rng.chance(0.5);
    const dropped = fault === "premature_termination" ? m.rng.of(requires.slice(0, 2)) : undefined;
    const fails = fault === undefined && m.rng.chance(0.08);
    const declares =
      fault === "premature_termination" || (fault !== "missing_verification" && m.rng.chance(0.7));
    const write = (draft: number): void =>
      m.agent("writer", { args: ["write", draft], ...(verifiedBy && { verifiedBy }) }, () => {
        loop(m, m.rng.chance(0.5) ? [() => m.tool("outline", { draft })] : []);
      });
    const review = (draft: number): void =>
      m.agent("reviewer", { args: ["review", draft], verifies }, () =>
        loop(m, m.rng.chance(0.3) ? [() => m.tool("check_links", { draft })] : []),
      );
    m.workflow("report", { ...(declares && { requires }), ...(fails && { fail: "Error" }) }, () => {
      const parts = m.rng.whole(1, 3);
      for (let part = 0; part < parts; part++) {
        if (dropped !== "researcher")
          m.agent("researcher", { args: ["find", part] }, () => loop(m, [retried(m, "search", { part })]));
        if (dropped === "writer") continue;
        write(part * 10);
        if (fails) return;
        // Refining: the draft changes each time, and each draft is checked.
        for (let i = m.rng.whole(0, 3); i > 0; i--) {
          if (!never) review(part * 10 + i);
          write(part * 10 + i + 1);
        }
        const last = part === parts - 1;
        if (fault === "missing_verification" && !never && last) {
          review(part * 10 + 8);
          write(part * 10 + 9);
        } else if (!never) review(part * 10 + 9);
        // What comes after the check makes nothing that would have to be checked.
        if (m.rng.chance(0.4)) m.agent("publisher", { args: [part] }, () => m.tool("publish", { part }));
      }
      if (fault === "unaware_of_termination") {
        m.event(names.EVENT_GOAL_MET);
        write(99);
        review(99);
      } else if (m.rng.chance(0.3)) m.event(names.EVENT_GOAL_MET);
    });
  },
};

/** Agents that hand over to one another, each with work of its own. */
const desk: Shape = {
  name: "desk",
  faults: ["step_repetition", "premature_termination"],
  make(m, fault) {
    const turns = m.rng.whole(2, 5);
    const others = ["billing", "sales", "support"];
    m.workflow("desk", { requires: ["triage"] }, () => {
      let agent = "triage";
      for (let turn = 0; turn < turns; turn++) {
        const next = agent === "triage" ? m.rng.of(others) : "triage";
        m.agent(agent, { args: ["turn", turn], tools: ["account", "orders"] }, () => {
          const look: Act = retried(m, "account", { turn });
          const acts = [look];
          const stuck = fault === "step_repetition" && turn === turns - 1;
          const same: Act = () => m.tool("orders", { customer: 1 });
          const last = turn === turns - 1;
          loop(
            m,
            stuck
              ? repeated(m, [...acts, same], same, [() => m.tool("account", { x: 1 }, { fail: "denied" })])
              : acts,
            last ? answered(m, fault) : () => m.model(),
          );
          if (!last) m.handoff(next);
        });
        agent = next;
      }
    });
  },
};

/** Edits, runs the tests, edits again; then waits for the build. */
const coder: Shape = {
  name: "coder",
  faults: ["step_repetition", "unaware_of_termination", "missing_verification"],
  make(m, fault) {
    const verified = fault === "missing_verification" || m.rng.chance(0.6);
    m.agent("lead", { args: ["fix it"] }, () => {
      const rounds = m.rng.whole(1, 3);
      m.model({ finish: "tool_calls" });
      for (let round = 0; round < rounds; round++) {
        m.agent("coder", { args: ["fix", round], ...(verified && { verifiedBy: ["tester"] }) }, () => {
          let acts: Act[] = [];
          for (let i = m.rng.whole(1, 4); i > 0; i--) {
            acts.push(() => m.tool("edit", { round, i }));
            acts.push(() => m.tool("run_tests", {}));
          }
          if (fault === "step_repetition" && round === 0) {
            // The last edit again and again, with the tests that fail as before.
            const [edit, test] = [() => m.tool("edit", { stuck: 1 }), () => m.tool("run_tests", {})];
            const cycles = m.rng.whole(3, 6);
            acts = [
              ...acts,
              ...Array.from({ length: cycles }, () => (m.rng.chance(0.5) ? [edit, test] : [edit])).flat(),
            ];
          }
          loop(m, acts);
        });
        if (verified && !(fault === "missing_verification" && round === rounds - 1))
          m.agent("tester", { args: ["test", round], verifies: ["coder"] }, () =>
            loop(m, [() => m.tool("run_tests", {})]),
          );
      }
      // The state of the build, asked for again and again: declared as such, or with steps of the build in between.
      const declared = m.rng.chance(0.5);
      for (let i = m.rng.whole(0, 6); i > 0; i--) {
        if (m.rng.chance(0.5)) m.model({ finish: "tool_calls" });
        m.tool("build_status", { build: 7 }, { repeatable: declared });
        if (!declared) m.event(names.EVENT_PROGRESS);
        m.wait(1_000);
      }
      if (fault === "unaware_of_termination") pastTheGoal(m, [() => m.tool("edit", { late: m.rng.next() })]);
      else {
        m.model();
        if (m.rng.chance(0.5)) m.event(names.EVENT_GOAL_MET);
      }
    });
  },
};

/** Several turns of one conversation, whose history grows, is compacted now and then, and is given a title on the side. */
const talk: Shape = {
  name: "talk",
  faults: ["step_repetition", "premature_termination"],
  make(m, fault) {
    const conversation = `c${m.rng.whole(1, 999)}`;
    m.workflow("session", {}, () => {
      let history = m.rng.whole(800, 3_000);
      const turns = m.rng.whole(2, 6);
      for (let turn = 0; turn < turns; turn++) {
        m.agent("assistant", { args: ["say", turn], conversation }, () => {
          if (m.rng.chance(0.2)) {
            m.event(names.EVENT_MEMORY_COMPACTION);
            history = Math.round(history * 0.3);
          }
          for (let i = m.rng.whole(0, 2); i > 0; i--) {
            m.model({ input: history, finish: "tool_calls" });
            history += m.rng.whole(100, 900);
            m.tool("lookup", { turn, i });
            history += m.rng.whole(100, 900);
          }
          if (fault === "step_repetition" && turn === turns - 1) {
            for (let i = m.rng.whole(3, 5); i > 0; i--) {
              m.model({ input: history, finish: "tool_calls" });
              m.tool("lookup", { stuck: true });
              history += 300;
            }
          }
          const cut = fault === "premature_termination" && turn === turns - 1;
          m.model({ input: history, ...(cut ? { finish: "length", output: 2_048 } : {}) });
          history += m.rng.whole(100, 900);
          if (turn === 0 && !cut && m.rng.chance(0.5)) m.model({ input: 220, output: 9 });
        });
      }
    });
  },
};

/** The same question to several at once: the first answer wins, or the best one. */
const race: Shape = {
  name: "race",
  faults: ["step_repetition", "premature_termination"],
  make(m, fault) {
    m.agent("judge", { args: ["best of"] }, () => {
      const ask = (): void =>
        m.agent("solver", { args: ["solve"] }, () =>
          loop(m, [() => m.tool("facts", {}), () => m.tool("compute", { n: 1 })]),
        );
      if (m.rng.chance(0.5)) m.parallel(ask, ask, ask);
      else {
        // The loser of a race ends when nobody waits for it any more.
        m.unawaited(ask);
        m.agent("solver", { args: ["solve"] }, () => m.tool("compute", { n: 1 }, { ms: 5 }));
      }
      m.parallel(...[1, 2, 3, 4].map(() => () => m.tool("sample", { temperature: 1 })));
      if (fault === "step_repetition") {
        const same: Act = () => m.tool("rank", { answers: 3 });
        loop(m, repeated(m, [same], same, []));
      }
      answered(m, fault)();
    });
  },
};

export const SHAPES: readonly Shape[] = [researcher, supervisor, pipeline, desk, coder, talk, race];
