// The hooks alone: the program brings its own SDK, or none.
process.env.AGENT_OTEL_SDK = "external";
await import("../../dist/register.js");
