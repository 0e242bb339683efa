import { createContext } from "preact";
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import type { Period } from "../../server/api/common.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";

export const RouteContext = createContext<Route>(parseRoute(""));

/** The route of the address, followed. */
export function useAddress(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

export function useRoute(): Route {
  return useContext(RouteContext);
}

/** @returns Changes parameters of the address, which is how filters are kept. No new entry in the history. */
export function useSetQuery(): (changes: Readonly<Record<string, string | undefined>>) => void {
  const { path, query } = useRoute();
  return useCallback(
    (changes) => location.replace(formatRoute(path, { ...Object.fromEntries(query), ...changes })),
    [path, query],
  );
}

export function usePeriod(): Period {
  const given = useRoute().query.get("period");
  return given === "hourly" || given === "weekly" || given === "monthly" ? given : "daily";
}

/** @returns An address of a view that keeps the period that is chosen. */
export function useHref(): (
  path: readonly string[],
  query?: Readonly<Record<string, string | undefined>>,
) => string {
  const period = usePeriod();
  return useCallback(
    (path, query) => formatRoute(path, { ...(period !== "daily" && { period }), ...query }),
    [period],
  );
}
