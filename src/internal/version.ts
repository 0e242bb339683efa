/** The package's version, as it stands on our instrumentation scope. A contract test holds it to package.json. */
export const VERSION = "0.1.0";
