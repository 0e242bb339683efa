import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useApp } from "../data/app-context.ts";
import type { Answer, Refusal } from "../data/problem.ts";
import { Refused } from "./loaded.tsx";

interface ConfirmDialogProps<T> {
  readonly title: string;
  readonly confirm: string;
  readonly children: ComponentChildren;
  readonly act: () => Promise<Answer<T>>;
  /** What to say when it is done. */
  readonly done: (data: T) => string;
  readonly close: () => void;
}

/** Asks before something is changed, does it, and says in place how it went. */
export function ConfirmDialog<T>({ title, confirm, children, act, done, close }: ConfirmDialogProps<T>) {
  const { client, live } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | undefined>();
  const [said, setSaid] = useState<string | undefined>();
  useEffect(() => dialog.current?.showModal(), []);

  const run = async () => {
    setBusy(true);
    setRefusal(undefined);
    const answer = await act();
    setBusy(false);
    if (answer.ok) setSaid(done(answer.data));
    else setRefusal(answer.refusal);
    live.refresh();
  };
  const mayWrite = client.token !== undefined;
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={id} onClose={close}>
      <h2 id={id}>{title}</h2>
      <div class="dialog-body">
        {said === undefined ? children : <p role="status">{said}</p>}
        {!mayWrite && <NoToken />}
        {refusal !== undefined && <Refused refusal={refusal} />}
      </div>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {said === undefined ? "Cancel" : "Close"}
        </button>
        {said === undefined && (
          <button type="button" class="button primary" onClick={run} disabled={busy || !mayWrite}>
            {busy ? "Working…" : confirm}
          </button>
        )}
      </div>
    </dialog>
  );
}

function NoToken() {
  return (
    <div class="notice warn">
      <p>
        <strong>This tab may only read.</strong> Open the address with <code>#token=…</code> that{" "}
        <code>agent-otel dev</code> printed when it started. A new start has a new one.
      </p>
    </div>
  );
}
