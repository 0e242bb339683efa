import pg from "pg";

/** Databases on one server, each made when first asked for. */
export interface Databases {
  url(name: string): Promise<string>;
  close(): Promise<void>;
}

/** @param server URL of a user who may make databases. */
export function databasesOn(server: string): Databases {
  const admin = new pg.Pool({ connectionString: server, max: 1 });
  // A server that is killed breaks the connection.
  admin.on("error", () => {});
  const made = new Map<string, Promise<string>>();
  const make = async (name: string) => {
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    const url = new URL(server);
    url.pathname = `/${encodeURIComponent(name)}`;
    return url.href;
  };
  return {
    url(name) {
      const url = made.get(name) ?? make(name);
      made.set(name, url);
      return url;
    },
    close: () => admin.end(),
  };
}
