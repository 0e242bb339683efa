/** Series that collector/config.yaml makes from spans, and the labels that it gives them. */
export const SPAN_CALLS = "traces_span_metrics_calls_total";
export const SPAN_DURATION_BUCKETS = "traces_span_metrics_duration_seconds_bucket";
export const SPAN_DURATION_COUNT = "traces_span_metrics_duration_seconds_count";
export const EDGE_CALLS = "traces_service_graph_request_total";
export const EDGE_FAILURES = "traces_service_graph_request_failed_total";
export const EDGE_DURATION_BUCKETS = "traces_service_graph_request_server_seconds_bucket";

export const LABEL_STATUS = "status_code";
export const STATUS_ERROR = "STATUS_CODE_ERROR";
export const LABEL_CLIENT = "client";
export const LABEL_SERVER = "server";
/** `agent`, `model`, `tool` or `workflow`. */
export const LABEL_CONNECTION = "connection_type";

/** `service.namespace/service.name` of the program that was measured, whoever measured it. */
export const LABEL_APP = "job";
/** One process of it. */
export const LABEL_INSTANCE = "instance";
