import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { reply } from "./health.ts";
import type { Account, Part, Place } from "./part.ts";
import { clusterFolder, DATABASE, makeCluster, password, USER } from "./postgres-cluster.ts";
import { clearAfterKill } from "./postgres-leftovers.ts";
import { handOver, unprivileged } from "./unprivileged.ts";

const INSTALLED = "/usr/lib/postgresql";
const OLDEST = 15;

export const postgres: Part = {
  name: "postgres",
  onlyWhenNamed: true,
  needs: [],
  packaged: {
    programs: ["postgres", "initdb"],
    atLeast: OLDEST,
    packages: [`postgresql-${OLDEST}`, "postgresql"],
    folders: debianFolders,
  },
  ports: [{ name: "postgres", number: 5432 }],
  // Asked with SIGTERM it would wait for its clients to go.
  stopSignal: "SIGINT",
  endpoint: (place) => {
    const secret = password(place.data);
    const user = secret === undefined ? USER : `${USER}:${secret}`;
    return `postgres://${user}@${place.address("postgres", "postgres")}/${DATABASE}`;
  },
  async prepare(place) {
    const account = owner();
    if (account !== undefined) {
      const folder = dirname(place.data);
      handOver(place.data, [dirname(folder), folder], account);
    }
    await makeCluster(place, account);
    await clearAfterKill(clusterFolder(place.data));
  },
  command: (place) => {
    const [host, port] = place.address("postgres", "postgres").split(":");
    const settings = [
      "timezone=UTC",
      "log_timezone=UTC",
      "dynamic_shared_memory_type=mmap", // what a killed server leaves then lies in its folder, not in /dev/shm
    ];
    const account = owner();
    return {
      file: join(place.program, "postgres"),
      args: [
        // The socket's folder is the cluster's. Named as ".", its path has no length to run out of.
        ...["-D", clusterFolder(place.data), "-h", host!, "-p", port!, "-k", "."],
        ...settings.flatMap((setting) => ["-c", setting]),
      ],
      env: { LC_ALL: "C" },
      ...(account === undefined ? {} : { account }),
    };
  },
  ready,
};

function owner(): Account | undefined {
  return unprivileged(["postgres", "nobody"]);
}

/** Debian keeps one folder for each major version, and none of them on PATH. The version we test with comes first. */
function debianFolders(): readonly string[] {
  try {
    const versions = readdirSync(INSTALLED).map(Number);
    return versions
      .filter((version) => version >= OLDEST)
      .sort((a, b) => a - b)
      .map((version) => join(INSTALLED, String(version), "bin"));
  } catch {
    return [];
  }
}

/** A server that takes calls asks for the password ("R"); one that is starting or stopping sends an error ("E"). */
async function ready(place: Place, signal: AbortSignal): Promise<boolean> {
  const fields = Buffer.from(`user\0${USER}\0database\0${DATABASE}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + fields.length, 0);
  head.writeInt32BE(3 << 16, 4); // version 3.0 of the protocol
  const answer = await reply(place.address("postgres", "postgres"), Buffer.concat([head, fields]), signal);
  return answer.startsWith("R");
}
