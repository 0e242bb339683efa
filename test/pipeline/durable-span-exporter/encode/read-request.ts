// A reader of requests of its own, that shares nothing with what it tests: slow, and strict.

/** A span, with the bytes (in hex) of all that holds for it. */
export interface ReadSpan {
  readonly span: string;
  readonly scope: string;
  readonly resource: string;
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The spans of an ExportTraceServiceRequest, in their order. @throws Error for what is none. */
export function readRequest(body: Uint8Array): readonly ReadSpan[] {
  return children(Buffer.from(body), 1).flatMap((resourceSpans) => {
    const resource = besides(resourceSpans, 2);
    return children(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = besides(scopeSpans, 2);
      return children(scopeSpans, 2).map((span) => ({ span: span.toString("hex"), scope, resource }));
    });
  });
}

/** Of the groups alone, such as those without a span. */
export function countGroups(body: Uint8Array): readonly [resources: number, scopes: number] {
  const resources = children(Buffer.from(body), 1);
  return [resources.length, resources.flatMap((each) => children(each, 2)).length];
}

function children(message: Buffer, number: number): readonly Buffer[] {
  return fields(message)
    .filter((field) => field.number === number)
    .map(({ bytes }) => bytes);
}

function besides(message: Buffer, number: number): string {
  const others = fields(message).filter((field) => field.number !== number);
  return JSON.stringify(others.map((field) => [field.number, field.bytes.toString("hex")]));
}

function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let rest = message;
  const varint = (): number => {
    const length = rest.findIndex((byte) => byte < 0x80) + 1;
    if (length < 1) throw new Error("a varint without end");
    const value = rest.subarray(0, length).reduceRight((sum, byte) => sum * 128 + (byte & 0x7f), 0);
    rest = rest.subarray(length);
    return value;
  };
  while (rest.length > 0) {
    const tag = varint();
    if (tag % 8 !== 2) throw new Error(`wire type ${tag % 8} in a request, around its spans`);
    const length = varint();
    if (length > rest.length) throw new Error("a length beyond the end");
    found.push({ number: Math.floor(tag / 8), bytes: rest.subarray(0, length) });
    rest = rest.subarray(length);
  }
  return found;
}
