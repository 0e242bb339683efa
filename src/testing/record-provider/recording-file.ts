import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { RecordingUnusableError } from "../../errors/recording-unusable-error.ts";
import { isRecord } from "../scripted-provider/request-facts.ts";
import { prettyJson } from "./pretty-json.ts";
import type { RecordedExchange } from "./recording.ts";

const FORMAT = "agent-otel recording 1";
const MAX_BYTES = 64 * 1024 * 1024;
const CONTENTS = ["body", "events", "text", "base64"];

/** @returns `undefined` where there is no such file. @throws RecordingUnusableError where it is damaged or over 64 MiB. */
export async function readRecording(file: string): Promise<readonly RecordedExchange[] | undefined> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES)
      throw new RecordingUnusableError(file, `must have at most ${MAX_BYTES} bytes, got ${size}`);
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return parse(file, text);
}

/** Whole or not at all. */
export async function writeRecording(file: string, exchanges: readonly RecordedExchange[]): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(draft, `${prettyJson({ format: FORMAT, exchanges })}\n`);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function parse(file: string, text: string): readonly RecordedExchange[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordingUnusableError(file, "is no JSON", { cause });
  }
  if (!isRecord(value) || value["format"] !== FORMAT || !Array.isArray(value["exchanges"])) {
    throw new RecordingUnusableError(file, `is no "${FORMAT}"`);
  }
  for (const [index, exchange] of value["exchanges"].entries()) {
    const problem = problemOf(exchange);
    if (problem !== undefined) throw new RecordingUnusableError(file, `: exchanges[${index}]${problem}`);
  }
  return value["exchanges"] as readonly RecordedExchange[];
}

function problemOf(exchange: unknown): string | undefined {
  if (!isRecord(exchange)) return " must be an object";
  const { request, answers } = exchange;
  if (!isRecord(request) || typeof request["method"] !== "string" || typeof request["path"] !== "string") {
    return ".request must have a method and a path";
  }
  if (!Array.isArray(answers) || answers.length === 0)
    return ".answers must be a list with one answer or more";
  const bad = answers.findIndex((answer) => !isAnswer(answer));
  return bad === -1
    ? undefined
    : `.answers[${bad}] must have a status, headers and one of ${CONTENTS.join(", ")}`;
}

function isAnswer(answer: unknown): boolean {
  if (!isRecord(answer) || !Number.isInteger(answer["status"]) || !isRecord(answer["headers"])) return false;
  const status = answer["status"] as number;
  if (status < 200 || status > 599) return false;
  if (CONTENTS.filter((content) => content in answer).length !== 1) return false;
  if ("events" in answer) return Array.isArray(answer["events"]) && answer["events"].every(isRecord);
  return ["text", "base64"].every((key) => !(key in answer) || typeof answer[key] === "string");
}
