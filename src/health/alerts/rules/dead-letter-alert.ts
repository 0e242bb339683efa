import type { AlertRule } from "../alert-rule.ts";

/** A task was given up and put into a dead letter queue. */
export function deadLetterAlert(): AlertRule {
  return {
    name: "dead_letter",
    onSignal(signal) {
      if (signal.kind !== "dead_letter") return undefined;
      const { queue, taskType, reason } = signal;
      return {
        kind: "firing",
        subject: queue,
        severity: "error",
        summary: `a task of type ${taskType} was given up into ${queue}: ${reason}`,
        facts: { task_type: taskType, reason },
      };
    },
  };
}
