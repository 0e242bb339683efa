import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** A command to run in a terminal. */
export function CopyCommand({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState<boolean | undefined>();
  useEffect(() => {
    if (copied === undefined) return;
    const timer = setTimeout(() => setCopied(undefined), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div class="command">
      <code>{command}</code>
      <button type="button" class="button small" onClick={copy} aria-label={`Copy: ${command}`}>
        <Icon name="copy" />
        <span aria-live="polite">{copied === undefined ? "Copy" : copied ? "Copied" : "Select it"}</span>
      </button>
    </div>
  );
}
