/** How long a server that hangs is waited for when a connection to it is closed. */
const LONGEST_MS = 2_000;

/** Resolves when `ending` has ended, however, or the server has had its time. Never rejects. */
export async function goodbye(ending: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, LONGEST_MS);
  });
  await Promise.race([ending.catch(() => {}), over]);
  clearTimeout(timer);
}
