import { useEffect, useState } from "preact/hooks";
import { useApp } from "../data/app-context.ts";
import type { LiveState } from "../data/live.ts";

const TEXTS: Readonly<Record<LiveState, readonly [text: string, title: string]>> = {
  connecting: ["Connecting", "Waiting for the server"],
  live: ["Live", "Changes appear by themselves"],
  polling: ["Every 5 s", "Live updates are not available: the page asks every 5 s"],
  offline: ["Offline", "The server does not answer"],
};

export function useLiveState(): LiveState {
  const { live } = useApp();
  const [state, setState] = useState(live.state);
  useEffect(() => {
    setState(live.state);
    return live.subscribe(() => setState(live.state));
  }, [live]);
  return state;
}

export function LiveStatus() {
  const state = useLiveState();
  const [text, title] = TEXTS[state];
  return (
    <span class={`live ${state}`} title={title} role="status">
      <span class="live-dot" aria-hidden="true" />
      {text}
    </span>
  );
}
