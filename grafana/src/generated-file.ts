/** A file that the generator writes: its path, below the checkout, and its whole text. */
export type GeneratedFile = readonly [path: string, text: string];
