// Asks each client for an answer, for a stream that is read to its end, and for one that is left. URLS: the server of each.
const urls = JSON.parse(process.env.URLS);
const messages = [{ role: "user", content: "hello" }];

async function thrice(plain, stream) {
  await plain();
  for await (const _item of await stream());
  for await (const _item of await stream()) break;
}

exports.ask = async ({ google, mistral, cohere, bedrock, ollama }) => {
  const ai = new google.GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: urls.google } });
  const toGoogle = { model: "gemini-2.5-flash", contents: "hello" };
  await thrice(
    () => ai.models.generateContent(toGoogle),
    () => ai.models.generateContentStream(toGoogle),
  );

  const { chat } = new mistral.Mistral({ apiKey: "key", serverURL: urls.mistral });
  const toMistral = { model: "mistral-small-latest", messages };
  await thrice(
    () => chat.complete(toMistral),
    () => chat.stream(toMistral),
  );

  const coral = new cohere.CohereClientV2({ token: "key", environment: urls.cohere });
  const toCohere = { model: "command-r-08-2024", messages };
  await thrice(
    () => coral.chat(toCohere),
    () => coral.chatStream(toCohere),
  );

  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "example" };
  const rock = new bedrock.BedrockRuntimeClient({ region: "us-east-1", endpoint: urls.bedrock, credentials });
  const modelId = "us.anthropic.claude-sonnet-4-20250514-v1:0";
  const toBedrock = { modelId, messages: [{ role: "user", content: [{ text: "hello" }] }] };
  await thrice(
    () => rock.send(new bedrock.ConverseCommand(toBedrock)),
    async () => (await rock.send(new bedrock.ConverseStreamCommand(toBedrock))).stream,
  );
  rock.destroy();

  const llama = new ollama.Ollama({ host: urls.ollama });
  const toOllama = { model: "llama3.2", messages };
  await thrice(
    () => llama.chat(toOllama),
    () => llama.chat({ ...toOllama, stream: true }),
  );
};
