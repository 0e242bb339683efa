/** Node ends a program in which nothing but unreferenced handles waits. This timer does nothing else than to wait. */
const LONG_MS = 60_000;

/** Keeps the process alive until `promise` settles: for an answer that somebody awaits, over a connection that holds nothing. */
export async function holdProcess<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, LONG_MS);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}
