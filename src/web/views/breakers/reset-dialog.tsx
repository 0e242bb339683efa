import { useEffect, useId, useRef } from "preact/hooks";
import type { BreakerRow } from "../../../server/api/agents.ts";
import { useApp } from "../../data/app-context.ts";
import { segment } from "../../data/paths.ts";
import { BreakerState } from "../../ui/badge.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { CopyCommand } from "../../ui/copy-command.tsx";

interface ResetDialogProps {
  readonly breaker: BreakerRow;
  readonly close: () => void;
}

/** Asks first; where a reset from here does not reach the program, says what to run there. */
export function ResetDialog({ breaker, close }: ResetDialogProps) {
  const { client } = useApp();
  if (!breaker.resettable) return <HintDialog breaker={breaker} close={close} />;
  return (
    <ConfirmDialog
      title="Close this breaker?"
      confirm="Reset"
      act={() =>
        client.post<{ readonly state: string }>(`circuit-breakers/${segment(breaker.name)}/reset`, {
          actor: "page",
        })
      }
      done={({ state }) => `It is ${state.replaceAll("_", " ")} now.`}
      close={close}
    >
      <p>
        <strong>
          <bdi>{breaker.name}</bdi>
        </strong>{" "}
        is <BreakerState state={breaker.state} />. After a reset it lets calls through again, and forgets the
        failures that it has counted. Who did it stands in the ledger.
      </p>
    </ConfirmDialog>
  );
}

function HintDialog({ breaker, close }: ResetDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const hint = breaker.reset_hint;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>It cannot be reset from here</h2>
      <div class="dialog-body">
        <p>
          <strong>
            <bdi>{breaker.name}</bdi>
          </strong>{" "}
          is shared with this page by no program that runs now. Give it a store,{" "}
          <code>
            circuitBreaker({"{"} name, store: sqliteStore()
            {"}"})
          </code>
          , or mount <code>agentsRouter()</code> in its program and run:
        </p>
        <CopyCommand command={hint ?? `breakers.get(${JSON.stringify(breaker.name)}).reset()`} />
      </div>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
