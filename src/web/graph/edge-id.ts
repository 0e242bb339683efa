/** Of an edge, in the graph, in the table and in the address. */
export function edgeIdOf(edge: { readonly source: string; readonly target: string }): string {
  return `${edge.source} → ${edge.target}`;
}
