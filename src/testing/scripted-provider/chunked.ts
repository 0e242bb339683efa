/** A text and the pieces it is streamed in. */
export interface Chunked {
  readonly whole: string;
  readonly chunks: readonly string[];
}

const DEFAULT_CHUNK_CHARACTERS = 16;

/** @param count How many pieces, never more than characters. @default as many as 16 characters each make */
export function chunked(whole: string, count?: number): Chunked {
  // By code points: no provider streams half a surrogate pair.
  const characters = Array.from(whole);
  const pieces = Math.min(
    count ?? Math.ceil(characters.length / DEFAULT_CHUNK_CHARACTERS),
    characters.length,
  );
  const edge = (piece: number) => Math.floor((piece * characters.length) / pieces);
  const chunks = Array.from({ length: pieces }, (_, piece) =>
    characters.slice(edge(piece), edge(piece + 1)).join(""),
  );
  return { whole, chunks };
}
