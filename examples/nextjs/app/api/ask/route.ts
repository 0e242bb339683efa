import { write } from "../../../lib/agents.ts";

/** `GET /api/ask?topic=otters`. A reader that leaves ends the agents' work, and their spans. */
export async function GET(request: Request): Promise<Response> {
  const text = write(new URL(request.url).searchParams.get("topic") ?? "otters");
  const body = new ReadableStream<string>({
    async pull(controller) {
      const { done, value } = await text.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await text.return(undefined);
    },
  });
  return new Response(body.pipeThrough(new TextEncoderStream()), {
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}
