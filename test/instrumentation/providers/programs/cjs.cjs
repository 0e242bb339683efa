const { ask } = require("./ask.cjs");

ask({
  google: require("@google/genai"),
  mistral: require("@mistralai/mistralai"),
  cohere: require("cohere-ai"),
  bedrock: require("@aws-sdk/client-bedrock-runtime"),
  ollama: require("ollama"),
}).then(() => console.log("done"));
