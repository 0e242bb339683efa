/** What collectors tell of themselves, as version 0.155 calls it. */
export const QUEUE_SIZE = "otelcol_exporter_queue_size";
export const QUEUE_CAPACITY = "otelcol_exporter_queue_capacity";
export const SENT_SPANS = "otelcol_exporter_sent_spans";
export const SENT_POINTS = "otelcol_exporter_sent_metric_points";
/** Given up for good. */
export const FAILED_SPANS = "otelcol_exporter_send_failed_spans";
/** Had no room in the queue. */
export const NOT_QUEUED_SPANS = "otelcol_exporter_enqueue_failed_spans";
export const ACCEPTED_SPANS = "otelcol_receiver_accepted_spans";
export const ACCEPTED_POINTS = "otelcol_receiver_accepted_metric_points";
export const LABEL_EXPORTER = "exporter";
/** Of a queue: `traces`, `metrics`. */
export const LABEL_DATA_TYPE = "data_type";

/** What is known of a program that sends metrics: its resource as labels. */
export const TARGET_INFO = "target_info";

/** Jobs of collector/prometheus.yaml and of Kubernetes, as `up` has them. */
export const SCRAPE_JOBS = [
  "agents",
  "agents-spans",
  "collector",
  "gateway",
  "jaeger",
  "prometheus",
] as const;
