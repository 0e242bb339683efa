import { type Check, Findings } from "../check.ts";
import { list, section, word } from "../data.ts";
import { containersOf, type Manifest, manifestsOf, podsOf, WORKLOADS } from "./kubernetes-manifests.ts";

const PINNED = /:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/;

/** References by name and label, which a cluster accepts and nothing answers. */
export const kubernetes: Check = {
  name: "kubernetes",
  holds:
    "every selector, target and reference in deploy/kubernetes finds what it means, and images are pinned",
  run(shipped) {
    const all = manifestsOf(shipped);
    return all.flatMap((one) => {
      const findings = new Findings(one.file);
      const where = `${one.kind} ${one.name}`;
      if (one.kind === "Service") checkService(one, all, where, findings);
      if (one.kind === "HorizontalPodAutoscaler") checkScaler(one, all, where, findings);
      if (one.kind === "PodDisruptionBudget") {
        findings.expect(
          podsOf(section(one.body, "spec", "selector", "matchLabels"), one.namespace, all).length > 0,
          `${where} selects no pod`,
          "give it the labels of one",
        );
      }
      findings.expect(one.kind !== "Secret", `${where} is a secret`, "make it with kubectl, and say how");
      if (WORKLOADS.has(one.kind)) checkWorkload(one, where, findings);
      return findings.all;
    });
  },
};

function checkService(
  { body, namespace }: Manifest,
  all: readonly Manifest[],
  where: string,
  findings: Findings,
): void {
  const pods = podsOf(section(body, "spec", "selector"), namespace, all);
  findings.expect(
    pods.length === 1,
    `${where} selects the pods of ${pods.length} workloads`,
    "give it the labels of one",
  );
  const ports = pods.flatMap((pod) => containersOf(pod)).flatMap((container) => list(container, "ports"));
  for (const port of list(body, "spec", "ports")) {
    const target = word(port, "targetPort") || word(port, "port");
    const open = ports.some((one) => word(one, "name") === target || word(one, "containerPort") === target);
    findings.expect(
      open,
      `${where} leads to the port ${target}, which no container has`,
      "name one that is open",
    );
  }
}

function checkScaler(
  { body, namespace }: Manifest,
  all: readonly Manifest[],
  where: string,
  findings: Findings,
): void {
  const target = section(body, "spec", "scaleTargetRef");
  const found = all.find(
    (one) =>
      one.kind === word(target, "kind") && one.name === word(target, "name") && one.namespace === namespace,
  );
  findings.expect(
    found !== undefined,
    `${where} scales ${word(target, "kind")} ${word(target, "name")}, which is not there`,
    "name a workload",
  );
  for (const metric of list(body, "spec", "metrics").filter((one) => one["type"] === "Resource")) {
    const resource = word(metric, "resource", "name");
    const asked =
      found === undefined ||
      containersOf(found).every((one) => word(one, "resources", "requests", resource) !== "");
    findings.expect(
      asked,
      `${where} scales by ${resource}, which a container does not ask for`,
      "set its requests",
    );
  }
}

function checkWorkload(one: Manifest, where: string, findings: Findings): void {
  const { body } = one;
  const labels = section(body, "spec", "template", "metadata", "labels");
  const selected = Object.entries(section(body, "spec", "selector", "matchLabels")).every(
    ([key, value]) => labels[key] === value,
  );
  findings.expect(selected, `${where} does not select its own pods`, "give both the same labels");
  for (const container of containersOf(one)) {
    const name = `${where}, ${word(container, "name")}`;
    findings.expect(
      PINNED.test(word(container, "image")),
      `${name} runs ${word(container, "image")}, which changes`,
      "pin the version",
    );
    for (const kind of ["requests", "limits"]) {
      findings.expect(
        word(container, "resources", kind, "memory") !== "",
        `${name} has no ${kind} of memory`,
        "set them",
      );
    }
    for (const probe of ["livenessProbe", "readinessProbe"]) {
      const port = word(container, probe, "httpGet", "port");
      const open =
        port === "" ||
        list(container, "ports").some(
          (each) => word(each, "name") === port || word(each, "containerPort") === port,
        );
      findings.expect(open, `${name} is probed on ${port}, which it does not open`, "name one of its ports");
    }
    for (const variable of list(container, "env")) {
      const plain =
        /(PASSWORD|SECRET|TOKEN|API_KEY)$/.test(word(variable, "name")) && word(variable, "value") !== "";
      findings.expect(!plain, `${name} has ${word(variable, "name")} in plain text`, "take it from a Secret");
    }
  }
}
