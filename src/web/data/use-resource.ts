import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useApp } from "./app-context.ts";
import type { Refusal } from "./problem.ts";

/** What is known of one path of the server. */
export interface Resource<T> {
  /** Stays while it is asked for again, and after a failure. */
  readonly data: T | undefined;
  /** Why the last request failed. */
  readonly refusal: Refusal | undefined;
  /** Whether `data` is of an earlier question than the one that is asked now. */
  readonly waiting: boolean;
  readonly reload: () => void;
}

interface Known<T> {
  readonly path: string | undefined;
  readonly data: T | undefined;
  readonly refusal: Refusal | undefined;
}

/** Asks for `path` (below `/api/agents/`), and again on each change. `undefined`: asks for nothing. */
export function useResource<T>(path: string | undefined): Resource<T> {
  const { client, live } = useApp();
  const [known, setKnown] = useState<Known<T>>({ path: undefined, data: undefined, refusal: undefined });
  const running = useRef<AbortController | undefined>(undefined);

  const load = useCallback(async () => {
    if (path === undefined) return;
    running.current?.abort();
    const request = new AbortController();
    running.current = request;
    const answer = await client.get<T>(path, request.signal);
    if (request.signal.aborted) return;
    running.current = undefined;
    setKnown((before) =>
      answer.ok
        ? { path, data: answer.data, refusal: undefined }
        : { path, data: before.path === path ? before.data : undefined, refusal: answer.refusal },
    );
  }, [client, path]);

  useEffect(() => {
    void load();
    const end = live.subscribe((refresh) => {
      // A slow answer is waited for: to start over on each change would never show one.
      if (refresh && running.current === undefined) void load();
    });
    return () => {
      end();
      running.current?.abort();
      running.current = undefined;
    };
  }, [load, live]);

  const current = known.path === path;
  const kept = path === undefined || current ? undefined : (client.kept(path) as T | undefined);
  return {
    data: current ? known.data : (kept ?? known.data),
    refusal: current ? known.refusal : undefined,
    waiting: !current && kept === undefined,
    reload: load,
  };
}
