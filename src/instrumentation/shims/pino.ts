// Stands for `pino` in the programs that import it; see shims/openai.ts.
import * as logger from "pino";
import { patchPino } from "../loggers/pino.ts";

patchPino(logger);

// A stand-in has to have every export of what it stands for, its default as well.
// @ts-expect-error Its types say `export =`; to Node it is CommonJS with named exports.
export * from "pino";
export { default } from "pino";
