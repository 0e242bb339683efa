/** The variables of the boards, as queries name them. */
export const APP = { app: "$app" } as const;
export const APP_AND_AGENT = { app: "$app", agent: "$agent" } as const;
/** Of the board of one agent, whose variable has one value. */
export const ONE_AGENT = "=$agent";
export const APP_AND_ONE_AGENT = { app: "$app", agent: ONE_AGENT } as const;
export const ALL_OF_IT = { app: "$app", agent: "$agent", model: "$model" } as const;

/** Windows of rates and of counts, of the board. */
export const RATE = "$__rate_interval";
export const RANGE = "$__range";
