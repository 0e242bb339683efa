import { useApp } from "../data/app-context.ts";
import { Time } from "./facts.tsx";
import { useLiveState } from "./live-status.tsx";

/** What is shown is old, and of when. */
export function StaleBanner() {
  const { live } = useApp();
  if (useLiveState() !== "offline") return null;
  return (
    <div class="banner" role="alert">
      <strong>The server does not answer.</strong> What you see is from{" "}
      <Time at={new Date(live.reachedMs).toISOString()} />. The page asks again every 5 s.
    </div>
  );
}
