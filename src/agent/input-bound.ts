const MAX_DEPTH = 32;
/** A string so long without a space is data, whose size says nothing of its tokens. */
const DATA_LENGTH = 2_048;

/** Where a request names or holds what is no text, or what the provider has kept: nobody here knows how many tokens that is. */
const NOT_TEXT: ReadonlySet<string> = new Set([
  "image_url",
  "imageUrl",
  "image",
  "input_audio",
  "inputAudio",
  "video",
  "document",
  "source",
  "file",
  "file_id",
  "fileId",
  "file_url",
  "fileData",
  "inlineData",
  "previous_response_id",
  "conversation",
  "container",
  "cachedContent",
]);
/** Objects of the program's own, whose keys are its own as well: schemas, and arguments of tools. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "parameters",
  "input_schema",
  "inputSchema",
  "schema",
  "args",
  "toolUse",
]);
/** Tools that the program runs. Those of the provider read pages and files on the way, as input that nobody sent. */
const OWN_TOOLS: readonly string[] = [
  "function",
  "functionDeclarations",
  "toolSpec",
  "input_schema",
  "parameters",
];

/**
 * A bound for the input tokens of a request that is text alone, by its characters: half a token for an ASCII letter or a space, one for
 * any other ASCII character, and one for each byte of the rest. Byte-level tokenizers give English half of that at most.
 *
 * @returns `undefined` where something else is in it: images, files, what the provider has kept, tools that the provider runs.
 */
export function inputBound(body: unknown): number | undefined {
  const bound = Math.ceil(boundOf(body, false, 0));
  return Number.isNaN(bound) ? undefined : bound;
}

/** @returns NaN for what nobody knows, which any sum keeps. */
function boundOf(value: unknown, ownKeys: boolean, depth: number): number {
  if (typeof value === "string") return textBound(value);
  if (typeof value !== "object" || value === null) return 1;
  if (depth > MAX_DEPTH || ArrayBuffer.isView(value)) return Number.NaN;
  if (Array.isArray(value))
    return value.reduce<number>((sum, each) => sum + boundOf(each, ownKeys, depth + 1), 1);
  let sum = 1;
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined || each === null) continue;
    if (!ownKeys && (NOT_TEXT.has(key) || (key === "tools" && !areOwn(each)))) return Number.NaN;
    const isOwn =
      ownKeys || OWN_KEYS.has(key) || (key === "input" && "type" in value && value.type === "tool_use");
    sum += key.length / 2 + boundOf(each, isOwn, depth + 1);
  }
  return sum;
}

function areOwn(tools: unknown): boolean {
  if (!Array.isArray(tools)) return false;
  return tools.every((tool: unknown) => {
    if (typeof tool !== "object" || tool === null) return false;
    const type = "type" in tool ? tool.type : undefined;
    return (
      (type === undefined || type === "function" || type === "custom") && OWN_TOOLS.some((key) => key in tool)
    );
  });
}

function textBound(text: string): number {
  if (text.length > DATA_LENGTH && !/\s/.test(text.slice(0, DATA_LENGTH))) return Number.NaN;
  let bound = 0;
  for (let i = 0; i < text.length; i++) bound += unitBound(text.charCodeAt(i));
  return bound;
}

function unitBound(unit: number): number {
  if (unit === 0x20 || (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)) return 0.5;
  if (unit < 0x80) return 1;
  // Half of a pair stands for two of its four bytes.
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
}
