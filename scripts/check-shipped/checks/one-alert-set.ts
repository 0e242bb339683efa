import { type Check, Findings } from "../check.ts";
import { section, strings, word, yamlOf } from "../data.ts";
import { filesOf } from "../shipped.ts";

const COMPOSE = "docker-compose.yml";

/** One set of alerts evaluates, or everything fires twice. */
export const oneAlertSet: Check = {
  name: "one-alert-set",
  holds: "either Prometheus or Grafana evaluates the alerts, with every way that the files are put together",
  run(shipped) {
    return filesOf(shipped, /^docker-compose(\..+)?\.yml$/).flatMap(([file]) => {
      const findings = new Findings(file);
      const services = section(yamlOf(shipped, file), "services");
      const grafana =
        word(services, "grafana", "environment", "GF_UNIFIED_ALERTING_EXECUTE_ALERTS") === "true";
      const silenced = strings(services, "prometheus", "volumes").some((volume) =>
        /no-prometheus-alerts\.yaml:.*agent-otel\.alerts\.yaml/.test(volume),
      );
      const mounts = strings(services, "grafana", "volumes").some((volume) =>
        /provisioning(\/alerting)?:/.test(volume),
      );
      findings.expect(
        !grafana || silenced,
        "Grafana evaluates the alerts, and Prometheus does too",
        "have only one of them do it",
      );
      findings.expect(
        !silenced || (grafana && mounts),
        "Prometheus has no alerts, and Grafana does not evaluate them either",
        "have one of them do it",
      );
      const isBase = file === COMPOSE;
      const off = word(services, "grafana", "environment", "GF_UNIFIED_ALERTING_EXECUTE_ALERTS") === "false";
      findings.expect(
        !isBase || off,
        "Grafana is not told to leave the alerts to Prometheus",
        "set GF_UNIFIED_ALERTING_EXECUTE_ALERTS to false",
      );
      return findings.all;
    });
  },
};
