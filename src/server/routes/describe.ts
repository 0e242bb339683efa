import { type OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import { VERSION } from "../../internal/version.ts";
import { problem } from "../api/common.ts";
import type { Endpoint } from "./endpoint.ts";

/** What every endpoint may answer, beside its own. */
const READ = [400, 401, 403, 404, 405, 429, 503];
const OPERATE = [400, 401, 403, 405, 413, 415, 429, 503];

const TITLES: Readonly<Record<number, string>> = {
  400: "A parameter or field is not one that is known, or not what is allowed.",
  401: "A token is needed, or this one is not known.",
  403: "Who asks may not do that.",
  404: "There is no such thing, or nothing to read it from.",
  405: "Another method is needed: see `Allow`.",
  409: "It cannot be done now, or not from here: then `command` says what to run.",
  413: "The body is too large.",
  415: "The body must be `application/json`.",
  429: "Too many wrong tokens, or too many live connections: see `Retry-After`.",
  503: "It cannot be read now: see `Retry-After`.",
};

/** The part of an endpoint in the OpenAPI document. */
export function describeEndpoint(basePath: string, endpoint: Endpoint): RouteConfig {
  const { method, path, summary, description, params, query, body, answer } = endpoint;
  return {
    method,
    path: `${basePath}/${path}`,
    operationId: operationId(method, path),
    summary,
    ...(description !== undefined && { description }),
    security: [{}, { token: [] }],
    request: {
      params,
      query,
      ...(body && { body: { content: { "application/json": { schema: body.strict() } } } }),
    },
    responses: {
      200: { description: "The answer.", content: { "application/json": { schema: answer } } },
      ...problems([...(method === "get" ? READ : OPERATE), ...endpoint.problems]),
    },
  };
}

export function describeLive(basePath: string): RouteConfig {
  return {
    method: "get",
    path: `${basePath}/live`,
    operationId: "getLive",
    summary: "Told when something has changed",
    description:
      "Server-sent events: `event: change` with the data `{}`. What has changed is asked for then.",
    security: [{}, { token: [] }],
    responses: {
      200: { description: "Events.", content: { "text/event-stream": { schema: z.string() } } },
      ...problems(READ),
    },
  };
}

export function describeSelf(basePath: string): RouteConfig {
  return {
    method: "get",
    path: `${basePath}/openapi.json`,
    operationId: "getOpenapi",
    summary: "This document",
    security: [{}, { token: [] }],
    responses: {
      200: {
        description: "OpenAPI 3.1.",
        content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
      },
      ...problems(READ),
    },
  };
}

/** The OpenAPI document of all that was described. */
export function documentOf(app: OpenAPIHono): object {
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "One of `tokens` of the program. Reading needs none where there is no token for it.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "agent-otel",
      version: VERSION,
      description:
        "Agents of one process, or of all that send their telemetry. Names are in snake_case, money is in US dollars, durations are in milliseconds, times are ISO 8601 in UTC. `null` is not known, which is not 0.",
    },
  });
}

function problems(statuses: readonly number[]) {
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [
      status,
      {
        description: TITLES[status] ?? "A problem.",
        content: { "application/problem+json": { schema: problem } },
      },
    ]),
  );
}

function operationId(method: string, path: string): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== "");
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
