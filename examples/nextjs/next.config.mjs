/** @type {import("next").NextConfig} */
const config = {
  // Loaded by Node from node_modules, not bundled: one copy of agent-otel for all routes and instrumentation.ts, and clients that
  // `--import agent-otel/register` can see.
  serverExternalPackages: ["agent-otel", "openai", "@anthropic-ai/sdk"],
};

// biome-ignore lint/style/noDefaultExport: Next.js asks for it.
export default config;
