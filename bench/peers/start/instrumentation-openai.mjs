// The instrumentation of OpenAI's client alone, ready to patch, without an SDK.
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";

new OpenAIInstrumentation();
