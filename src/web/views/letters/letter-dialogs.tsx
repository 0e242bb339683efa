import { useState } from "preact/hooks";
import type { DeadLetterRow } from "../../../server/api/agents.ts";
import { useApp } from "../../data/app-context.ts";
import { segment } from "../../data/paths.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

interface LetterDialogProps {
  readonly letter: DeadLetterRow;
  readonly close: () => void;
}

interface Replayed {
  readonly outcome: "succeeded" | "failed" | "requested";
  readonly error: string | null;
}

export function ReplayDialog({ letter, close }: LetterDialogProps) {
  const { client } = useApp();
  return (
    <ConfirmDialog
      title="Replay this task?"
      confirm="Replay"
      act={() => client.post<Replayed>(`${pathOf(letter)}/replay`, {})}
      done={replayText}
      close={close}
    >
      <p>
        The handler of the queue <Name text={letter.queue} /> gets the task <Name text={letter.task_type} />{" "}
        once more. What it did before, it may do again.
      </p>
    </ConfirmDialog>
  );
}

export function ResolveDialog({ letter, close }: LetterDialogProps) {
  const { client } = useApp();
  const [resolution, setResolution] = useState("");
  return (
    <ConfirmDialog
      title="Resolve without a replay?"
      confirm="Resolve"
      act={() =>
        client.post<{ readonly resolved: boolean }>(`${pathOf(letter)}/resolve`, {
          resolution: resolution.trim() || "resolved by hand",
        })
      }
      done={({ resolved }) => (resolved ? "It is resolved." : "It had been resolved before.")}
      close={close}
    >
      <p>
        The task <Name text={letter.task_type} /> is not done; it only stops waiting.
      </p>
      <label class="field">
        <span>What was done about it</span>
        <input
          type="text"
          maxLength={200}
          value={resolution}
          placeholder="resolved by hand"
          onInput={(event) => setResolution(event.currentTarget.value)}
        />
      </label>
    </ConfirmDialog>
  );
}

function Name({ text }: { readonly text: string }) {
  return (
    <strong>
      <bdi>{text}</bdi>
    </strong>
  );
}

function pathOf({ queue, id }: DeadLetterRow): string {
  return `dead-letters/${segment(queue)}/${segment(id)}`;
}

function replayText({ outcome, error }: Replayed): string {
  if (outcome === "succeeded") return "It succeeded. The letter is resolved.";
  if (outcome === "failed") return `It failed again: ${error ?? "without a message"}`;
  return "It is asked for: the program that runs the queue's handler will do it.";
}
