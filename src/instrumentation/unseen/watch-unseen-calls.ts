import { safely } from "../../internal/warn-once.ts";
import { listenToRequests } from "./request-channels.ts";
import { UnseenCalls } from "./unseen-calls.ts";

/** Says once when this program calls a model and nobody sees it: see {@link UnseenCalls}. Costs a comparison per request. */
export function watchUnseenCalls(): void {
  const calls = new UnseenCalls({
    onFound() {
      stopListening();
      process.off("exit", atExit);
    },
  });
  const stopListening = listenToRequests(calls);
  const atExit = () => safely("looking for unseen model calls", () => calls.last());
  process.once("exit", atExit);
}
