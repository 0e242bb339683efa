// One program that has both builds of a package.
import { createRequire } from "node:module";
import { Ollama } from "ollama";

const Required = createRequire(import.meta.url)("ollama").Ollama;
const { ollama: host } = JSON.parse(process.env.URLS);
for (const Client of [Ollama, Required, Ollama]) {
  await new Client({ host }).chat({ model: "llama3.2", messages: [{ role: "user", content: "hello" }] });
}
console.log(Ollama === Required ? "one build" : "two builds");
