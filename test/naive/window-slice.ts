/** The window of most tutorials: the last so many messages, with the system prompt put in front. */
export function windowSlice<M extends { readonly role: string }>(history: readonly M[], most: number): M[] {
  const system = history.filter(({ role }) => role === "system");
  return [...system, ...history.filter(({ role }) => role !== "system").slice(-most)];
}
