import { fileStore, postgresStore, sqliteStore } from "../../../src/index.ts";
import type { CheckpointStore } from "../../../src/stores/checkpoints/checkpoint-store.ts";

/** @param place A folder, a file that ends in .db, or the URL of PostgreSQL. */
export function openCheckpoints(place: string): {
  readonly checkpoints: CheckpointStore;
  close(): Promise<void>;
} {
  const store = place.startsWith("postgres:")
    ? postgresStore(place)
    : place.endsWith(".db")
      ? sqliteStore(place)
      : fileStore(place);
  return { checkpoints: store.checkpoints!, close: () => store.close() };
}
