// Reads an ExportTraceServiceRequest as far as the ids of its spans: resource_spans = 1, scope_spans = 2, spans = 2, span_id = 2.
const PATH = [1, 2, 2, 2];

/** The span ids of a request, as numbers. */
export function* spanIds(body: Uint8Array, depth = 0): Generator<bigint> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = view.getUint8(at++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < body.byteLength) {
    const tag = varint();
    const wireType = tag & 7;
    if (wireType === 0) varint();
    else if (wireType === 1) at += 8;
    else if (wireType === 5) at += 4;
    else {
      const length = varint();
      const field = body.subarray(at, at + length);
      if (tag >> 3 === PATH[depth]) {
        if (depth === PATH.length - 1) yield view.getBigUint64(at);
        else yield* spanIds(field, depth + 1);
      }
      at += length;
    }
  }
}
