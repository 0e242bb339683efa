import { KeyMemory } from "./key-memory.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** Knows the attribute keys that it wrote before. */
export class OtlpWriter extends ProtobufWriter {
  readonly keys = new KeyMemory();
}
