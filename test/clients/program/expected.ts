import type { Expected, Facts } from "./scene.ts";

/** Read to the end. */
export const whole = ({ tokens, finish }: Facts): Expected => ({ tokens, finish });
/** Left in the middle, so that the request is cancelled. */
export const left = ({ earlyTokens }: Facts): Expected => ({
  tokens: earlyTokens,
  finish: "error",
  cancelled: true,
});
