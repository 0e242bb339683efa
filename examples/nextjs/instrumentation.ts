/** Called by Next.js once in each runtime, before the first request. */
export async function register(): Promise<void> {
  // In a block of its own: Next.js builds this file for the edge runtime too, and leaves out only what stands inside such an `if`.
  if (process.env.NEXT_RUNTIME === "nodejs") {
    const { start } = await import("agent-otel/start");
    start();
  }
}
