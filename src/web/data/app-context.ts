import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Client } from "./client.ts";
import type { Live } from "./live.ts";

export interface App {
  readonly client: Client;
  readonly live: Live;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new TypeError("useApp: no AppContext above");
  return app;
}
