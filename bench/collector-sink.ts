// Takes OTLP over HTTP and forgets it, in a process of its own: it must not share the sender's time.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.resume();
  request.once("end", () => response.writeHead(200, { "content-type": "application/x-protobuf" }).end());
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send?.("ready"));
process.once("disconnect", () => process.exit());
