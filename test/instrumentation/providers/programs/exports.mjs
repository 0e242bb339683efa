// Prints what a program sees of each module.
for (const name of [
  "@google/genai",
  "@mistralai/mistralai",
  "cohere-ai",
  "@aws-sdk/client-bedrock-runtime",
  "ollama",
]) {
  console.log(name, Object.keys(await import(name)).join());
}
