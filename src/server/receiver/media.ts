/** How a body is written. */
export type Encoding = "protobuf" | "json";

const TYPES: Readonly<Record<string, Encoding>> = {
  "application/x-protobuf": "protobuf",
  "application/json": "json",
};

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** `undefined`: neither of the two. Parameters such as a charset are passed over. */
export function encodingOf(contentType: string | null): Encoding | undefined {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
}

/** `undefined`: another one, or more than one: of a header that is there twice the values arrive with a comma between them. */
export function compressionOf(contentEncoding: string | null): "identity" | "gzip" | undefined {
  const named = contentEncoding?.trim().toLowerCase() ?? "";
  if (named === "" || named === "identity") return "identity";
  return named === "gzip" ? "gzip" : undefined;
}
