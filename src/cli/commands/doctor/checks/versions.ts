import { VERSION } from "../../../../internal/version.ts";
import { type Checked, type Finding, finding, found } from "../finding.ts";
import { ownManifest } from "../own-package.ts";
import { findInstalled } from "../project/installed.ts";
import type { Project } from "../project/project.ts";
import { isInRange } from "../project/version-range.ts";
import type { Check } from "./check.ts";

/** Node, this package and its peers. */
export const versions: Check = {
  name: "versions",
  run: (project) =>
    found(
      [...nodeFindings(project), ...ownFindings(project), ...peerFindings(project)],
      `Node ${project.nodeVersion.replace(/^v/, "")}, agent-otel ${VERSION}`,
    ),
};

/** Node alone. */
export function nodeCheck(project: Pick<Project, "nodeVersion">): Checked {
  return found(nodeFindings(project), project.nodeVersion);
}

function nodeFindings({ nodeVersion }: Pick<Project, "nodeVersion">): readonly Finding[] {
  const range = ownManifest().engines.node;
  if (isInRange(nodeVersion, range)) return [];
  const message = `Node ${nodeVersion} is too old: agent-otel needs ${range}, and older ones cannot hook imports`;
  return [finding("node_too_old", message, "update Node")];
}

function ownFindings({ folder, manifest }: Project): readonly Finding[] {
  const installed = findInstalled(folder, "agent-otel");
  if (installed === undefined)
    return manifest === undefined || manifest.name === "agent-otel"
      ? []
      : [finding("not_installed", `agent-otel is not installed in ${folder}`, "npm install agent-otel")];
  if (installed.version === VERSION) return [];
  const message = `the program gets agent-otel ${installed.version}, and this command is of ${VERSION}`;
  return [
    finding("several_copies", message, "run the command of the program's own copy: npx agent-otel doctor"),
  ];
}

function peerFindings({ folder }: Project): readonly Finding[] {
  return Object.entries(ownManifest().peerDependencies).flatMap(([name, range]) => {
    const version = findInstalled(folder, name)?.version;
    if (version === undefined || isInRange(version, range)) return [];
    const message = `${name} ${version} does not fit: agent-otel works with ${range}`;
    return [finding("peer_version", message, `npm install "${name}@${range}"`)];
  });
}
