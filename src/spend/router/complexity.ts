/**
 * How hard a task is: 1 trivial (classification, extraction), 2 simple (summaries, questions and answers), 3 moderate (reasoning in
 * several steps), 4 complex (code, analysis), 5 expert (architecture, what nobody has done).
 */
export type Complexity = 1 | 2 | 3 | 4 | 5;

export const COMPLEXITIES = 5;
