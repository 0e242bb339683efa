/** Milliseconds: `0.42 ms`, `840 ms`, `12.3 s`, `3 m 05 s`, `2 h 05 m`, `3 d 4 h`. `null` is unknown. */
export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${Number(ms.toPrecision(2))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds < 9.995 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const minutes = Math.round(seconds) / 60;
  if (minutes < 60) return `${Math.floor(minutes)} m ${two(Math.round(seconds) % 60)} s`;
  const hours = Math.round(seconds / 60) / 60;
  if (hours < 24) return `${Math.floor(hours)} h ${two(Math.round(seconds / 60) % 60)} m`;
  return `${Math.floor(hours / 24)} d ${Math.floor(hours % 24)} h`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
