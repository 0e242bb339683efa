import "@opentelemetry/auto-instrumentations-node/register";
