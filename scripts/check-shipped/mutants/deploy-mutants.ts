import type { Mutant } from "./mutant.ts";
import { inFile } from "./plant.ts";

const COMPOSE = "docker-compose.yml";
const APP = "deploy/kubernetes/agent-orchestrator.yaml";

/** Of Compose and of Kubernetes. */
export const DEPLOY_MUTANTS: readonly Mutant[] = [
  {
    fault: "port published on all interfaces",
    check: "compose",
    plant: inFile(COMPOSE, /- 127\.0\.0\.1:(?=.*:9090$)/m, "- "),
  },
  {
    fault: "unpinned image",
    check: "compose",
    plant: inFile(COMPOSE, /(grafana\/grafana):[\d.]+/, "grafana/grafana:latest"),
  },
  {
    fault: "anonymous Grafana",
    check: "compose",
    plant: inFile(COMPOSE, 'GF_AUTH_ANONYMOUS_ENABLED: "false"', 'GF_AUTH_ANONYMOUS_ENABLED: "true"'),
  },
  {
    fault: "default password",
    check: "compose",
    plant: inFile(
      COMPOSE,
      /GF_SECURITY_ADMIN_PASSWORD: .*/,
      `GF_SECURITY_ADMIN_PASSWORD: \${GRAFANA_ADMIN_PASSWORD:-admin}`,
    ),
  },
  {
    fault: "password that need not be given",
    check: "compose",
    plant: inFile(
      COMPOSE,
      /GF_SECURITY_ADMIN_PASSWORD: .*/,
      `GF_SECURITY_ADMIN_PASSWORD: \${GRAFANA_ADMIN_PASSWORD:-}`,
    ),
  },
  {
    fault: "checkout that a container may write to",
    check: "compose",
    plant: inFile(COMPOSE, "./collector:/etc/agent-otel:ro", "./collector:/etc/agent-otel"),
  },
  {
    fault: "volume that is not declared",
    check: "compose",
    plant: inFile(COMPOSE, "- prometheus:/prometheus", "- metrics:/prometheus"),
  },
  {
    fault: "plugins downloaded at the start",
    check: "compose",
    plant: inFile(
      COMPOSE,
      /( +)GF_AUTH_ANONYMOUS_ENABLED:/,
      "      GF_INSTALL_PLUGINS: x\n      GF_AUTH_ANONYMOUS_ENABLED:",
    ),
  },
  {
    fault: "unknown key of Compose",
    check: "compose-plugin",
    plant: inFile(COMPOSE, "    mem_limit: 768m", "    memory_limit: 768m"),
  },
  {
    fault: "both alert sets on",
    check: "one-alert-set",
    plant: inFile(
      COMPOSE,
      'GF_UNIFIED_ALERTING_EXECUTE_ALERTS: "false"',
      'GF_UNIFIED_ALERTING_EXECUTE_ALERTS: "true"',
    ),
  },
  {
    fault: "both alert sets on, in the override",
    check: "one-alert-set",
    plant: inFile(
      "docker-compose.grafana-alerts.yml",
      /^ +- \.\/grafana\/no-prometheus-alerts\.yaml.*$/m,
      "      - ./collector:/etc/agent-otel:ro",
    ),
  },
  {
    fault: "Service selector that matches nothing",
    check: "kubernetes",
    plant: inFile(APP, "  selector: { app: agent-orchestrator }", "  selector: { app: orchestrator }"),
  },
  {
    fault: "Service that leads to a closed port",
    check: "kubernetes",
    plant: inFile(APP, "targetPort: http ", "targetPort: web "),
  },
  {
    fault: "target of the autoscaler missing",
    check: "kubernetes",
    plant: inFile(APP, "kind: Deployment, name: agent-orchestrator", "kind: Deployment, name: orchestrator"),
  },
  {
    fault: "disruption budget for no pod",
    check: "kubernetes",
    plant: inFile(
      APP,
      /(kind: PodDisruptionBudget(?:\n.*)*?app: )agent-orchestrator/,
      (found) => `${found}orchestrator`,
    ),
  },
  {
    fault: "unpinned image in Kubernetes",
    check: "kubernetes",
    plant: inFile(APP, /image: agent-orchestrator:[\d.]+/, "image: agent-orchestrator"),
  },
  {
    fault: "secret in plain text",
    check: "kubernetes",
    plant: inFile(
      APP,
      "- name: OPENAI_API_KEY\n",
      "- { name: OPENAI_API_KEY, value: sk-x }\n            - name: OTHER\n",
    ),
  },
  {
    fault: "pod without a limit of memory",
    check: "kubernetes",
    plant: inFile(APP, /limits: \{.*\}/, 'limits: { cpu: "1" }'),
  },
  {
    fault: "unknown Kubernetes key",
    check: "kubernetes-schema",
    plant: inFile(APP, "readOnlyRootFilesystem", "readOnlyRootFileSystem"),
  },
  {
    fault: "Kubernetes value of the wrong type",
    check: "kubernetes-schema",
    plant: inFile(APP, /replicas: \d+/, "replicas: many"),
  },
  {
    fault: "manifest that is not applied",
    check: "kustomization",
    plant: inFile("deploy/kubernetes/kustomization.yaml", "  - network-policies.yaml\n", ""),
  },
  {
    fault: "kustomization that names a file that is not there",
    check: "kustomization",
    plant: inFile(
      "deploy/kubernetes/kustomization.yaml",
      "  - network-policies.yaml\n",
      "  - network-policies.yaml\n  - secrets.yaml\n",
    ),
  },
];
