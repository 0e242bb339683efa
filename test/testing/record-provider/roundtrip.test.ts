import { join } from "node:path";
import fc from "fast-check";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { recordProvider } from "../../../src/testing/record-provider.ts";
import { scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { all } from "../clients.ts";

/** Of letters of which no address, key or number can be made: those a recording does not have as they were. */
const unit = fc.constantFrom(...'aäz \n\t"\\/<>{}[],`', "😀");
const question = fc.record({
  content: fc.string({ unit, maxLength: 40 }),
  stream: fc.boolean(),
  chunks: fc.array(fc.string({ unit, minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 5 }),
});

describe("a recording", () => {
  it("answers any questions in any order as the provider did", async () => {
    const folder = await temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(question, { minLength: 1, maxLength: 6, selector: ({ content }) => content }),
        fc.infiniteStream(fc.nat()),
        async (questions, random) => {
          const file = join(folder, `${run++}.json`);
          const chunks = new Map(questions.map((asked) => [asked.content, asked.chunks]));
          await using provider = await scriptedProvider({
            respond: ({ body }) => {
              const [{ content }] = body["messages"] as [{ content: string }];
              return { chunks: chunks.get(content)! };
            },
          });
          const ask = async (mode: "record" | "replay", asked: typeof questions) => {
            await using standIn = await recordProvider({ upstream: provider.url, file, mode });
            const openai = new OpenAI({ apiKey: "x", baseURL: standIn.openaiBaseUrl, maxRetries: 0 });
            const answers = new Map<string, unknown>();
            for (const { content, stream } of asked) {
              const body = { model: "gpt-5", messages: [{ role: "user" as const, content }] };
              answers.set(
                content,
                stream
                  ? (await all(await openai.chat.completions.create({ ...body, stream: true }))).map(
                      (chunk) => chunk.choices[0]?.delta.content,
                    )
                  : (await openai.chat.completions.create(body)).choices[0]?.message.content,
              );
            }
            return answers;
          };
          const recorded = await ask("record", questions);
          const shuffled = questions.toSorted(() => ((random.next().value as number) % 3) - 1);
          const replayed = await ask("replay", shuffled);
          expect(new Map([...replayed].sort())).toEqual(new Map([...recorded].sort()));
          expect(provider.requests).toHaveLength(questions.length);
        },
      ),
      { numRuns: 20 },
    );
  });
});
