/** Of what there is, how much it is: 0 where there is something and nothing of it, no series where there is nothing at all. */
export const share = (part: string, whole: string): string =>
  `(${part}) / ((${whole}) > 0) or 0 * ((${whole}) > 0)`;

/** `expr`, or 0 for what `all` has and it has not. Both by the same labels. */
export const orZero = (expr: string, all: string): string => `(${expr}) or 0 * (${all})`;
