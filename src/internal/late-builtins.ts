// Functions of modules of Node that take milliseconds to load. An import would load them for each program that imports this package, and
// read every export with it: those of node:util alone wake worker threads. Here each module is loaded at the first call.
import type { Hash, Hmac, KeyObject } from "node:crypto";
import type { LookupAddress, LookupAllOptions } from "node:dns";
import type { BlockList } from "node:net";

export function createHash(algorithm: string): Hash {
  return process.getBuiltinModule("node:crypto").createHash(algorithm);
}

export function createHmac(algorithm: string, key: KeyObject | Uint8Array): Hmac {
  return process.getBuiltinModule("node:crypto").createHmac(algorithm, key);
}

export function createSecretKey(key: Uint8Array): KeyObject {
  return process.getBuiltinModule("node:crypto").createSecretKey(key);
}

export function randomBytes(size: number): Buffer {
  return process.getBuiltinModule("node:crypto").randomBytes(size);
}

export function randomUUID(): string {
  return process.getBuiltinModule("node:crypto").randomUUID();
}

export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean {
  return process.getBuiltinModule("node:crypto").timingSafeEqual(a, b);
}

export function isIP(text: string): number {
  return process.getBuiltinModule("node:net").isIP(text);
}

export function isIPv6(text: string): boolean {
  return process.getBuiltinModule("node:net").isIPv6(text);
}

export function newBlockList(): BlockList {
  return new (process.getBuiltinModule("node:net").BlockList)();
}

export function lookup(host: string, options: LookupAllOptions): Promise<LookupAddress[]> {
  return process.getBuiltinModule("node:dns/promises").lookup(host, options);
}

export function serialize(value: unknown): Buffer {
  return process.getBuiltinModule("node:v8").serialize(value);
}

export function deserialize(bytes: Uint8Array): unknown {
  return process.getBuiltinModule("node:v8").deserialize(bytes);
}

export function isDeepStrictEqual(a: unknown, b: unknown): boolean {
  return process.getBuiltinModule("node:util").isDeepStrictEqual(a, b);
}
