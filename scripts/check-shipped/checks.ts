import type { Check } from "./check.ts";
import { alerts } from "./checks/alerts.ts";
import { collectorReferences } from "./checks/collector-references.ts";
import { collectorStarts, collectorValidates } from "./checks/collector-runs.ts";
import { compose, composePlugin } from "./checks/compose.ts";
import { dashboardLinks } from "./checks/dashboard-links.ts";
import { dashboardLint } from "./checks/dashboard-lint.ts";
import { dashboardSchema } from "./checks/dashboard-schema.ts";
import { generated } from "./checks/generated.ts";
import { kubernetes } from "./checks/kubernetes.ts";
import { kubernetesSchema, kustomization } from "./checks/kubernetes-schema.ts";
import { names, shown } from "./checks/names.ts";
import { nodeGraph } from "./checks/node-graph.ts";
import { oneAlertSet } from "./checks/one-alert-set.ts";
import { alertmanagerConfig, prometheusConfig } from "./checks/prometheus-config.ts";
import { provisioning } from "./checks/provisioning.ts";
import { queries } from "./checks/queries.ts";
import { rulesReturn } from "./checks/rules-return.ts";

/** In the order in which they run: what only reads comes first. */
export const CHECKS: readonly Check[] = [
  generated,
  names,
  shown,
  alerts,
  dashboardLinks,
  provisioning,
  oneAlertSet,
  collectorReferences,
  compose,
  kubernetes,
  dashboardSchema,
  dashboardLint,
  prometheusConfig,
  alertmanagerConfig,
  collectorValidates,
  collectorStarts,
  composePlugin,
  kubernetesSchema,
  kustomization,
  rulesReturn,
  nodeGraph,
  queries,
];
