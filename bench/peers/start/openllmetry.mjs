// As its manual starts it, with an exporter that sends nothing and without fetching prompts.
import { initialize } from "@traceloop/node-server-sdk";

initialize({
  exporter: {
    export: (_spans, done) => done({ code: 0 }),
    shutdown: () => Promise.resolve(),
  },
  traceloopSyncEnabled: false,
  silenceInitializationMessage: true,
});
