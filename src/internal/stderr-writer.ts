/**
 * Writes lines to stderr. Where nobody reads them any more they are lost, and no more: the stream's error would find no
 * listener, and end the program.
 *
 * @returns Takes a line without its end.
 */
export function stderrWriter(): (line: string) => void {
  let broken = false;
  // Called before the stream tells its listeners.
  const written = (error?: Error | null): void => {
    if (!error || broken) return;
    broken = true;
    process.stderr.on("error", () => {});
  };
  return (line) => {
    if (!broken) process.stderr.write(`${line}\n`, written);
  };
}
