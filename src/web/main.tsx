import { render } from "preact";
import { App } from "./app.tsx";
import { Client } from "./data/client.ts";
import { Live } from "./data/live.ts";
import { takeToken } from "./data/token.ts";

const client = new Client(takeToken());
const live = new Live("/api/agents/live");
client.onReached = (reached) => live.reached(reached);

const place = document.getElementById("app");
if (place !== null) render(<App parts={{ client, live }} />, place);
