import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Access, Scope } from "../access/access.ts";
import { checkSameOrigin } from "../access/same-origin.ts";
import { jsonAnswer, jsonTextAnswer, problemAnswer } from "../problem/answers.ts";
import { Refusal } from "../problem/refusal.ts";
import { refusalOf } from "../problem/refusal-of-error.ts";
import { shown } from "../problem/shown.ts";
import type { AgentsSources } from "../sources/sources.ts";
import { describeEndpoint, describeLive, describeSelf, documentOf } from "./describe.ts";
import type { Endpoint } from "./endpoint.ts";
import { LiveFeed } from "./live.ts";
import { readBody } from "./read-body.ts";
import { readPath, readQuery } from "./read-parameters.ts";
import { sourceOf } from "./route-context.ts";

type Answer = (request: Request, params: Readonly<Record<string, string>>) => Promise<Response>;

const NO_PARAMETERS = z.object({});
const NO_CHANGES = "ask again from time to time, or give agentsRouter sources that tell of them";

/** Finds the endpoint of a request, checks who asks, and answers whatever comes of it. */
export class RouteTable {
  readonly #app = new OpenAPIHono();
  readonly #basePath: string;
  readonly #access: Access;

  /** @param basePath Without a slash at its end. */
  constructor(basePath: string, access: Access) {
    this.#basePath = basePath;
    this.#access = access;
    this.#app.onError((error) => problemAnswer(refusalOf(error)));
    this.#app.notFound((c) => {
      const { pathname } = new URL(c.req.url);
      return problemAnswer(
        new Refusal(
          "not_found",
          `there is nothing at ${shown(pathname)}; ${basePath}/openapi.json says what there is`,
        ),
      );
    });
  }

  add(endpoint: Endpoint): void {
    this.#app.openAPIRegistry.registerPath(describeEndpoint(this.#basePath, endpoint));
    this.#route(endpoint.method, endpoint.path, endpoint.scope, async (request, params) => {
      if (endpoint.body !== undefined) checkSameOrigin(request);
      const asked = {
        params: readPath(params, endpoint.params),
        query: readQuery(request.url, endpoint.query),
        body: endpoint.body && (await readBody(request, endpoint.body)),
      };
      return jsonAnswer(await endpoint.handle(asked));
    });
  }

  addLive(changes: AgentsSources["changes"]): void {
    const feed = changes && new LiveFeed(changes);
    this.#app.openAPIRegistry.registerPath(describeLive(this.#basePath));
    this.#route("get", "live", "read", async (request) => {
      checkNoParameters(request);
      return sourceOf(feed, "changes", NO_CHANGES).open(request);
    });
  }

  /** Of all that was added before. */
  addDocument(): void {
    this.#app.openAPIRegistry.registerPath(describeSelf(this.#basePath));
    const text = JSON.stringify(documentOf(this.#app));
    this.#route("get", "openapi.json", "read", async (request) => {
      checkNoParameters(request);
      return jsonTextAnswer(text);
    });
  }

  /** Never rejects. */
  async answer(request: Request): Promise<Response> {
    try {
      return await this.#app.fetch(request);
    } catch (error) {
      return problemAnswer(refusalOf(error));
    }
  }

  #route(method: "get" | "post", path: string, scope: Scope, answer: Answer): void {
    const pattern = `${this.#basePath}/${path.replace(/\{(\w+)\}/g, ":$1")}`;
    this.#app.on(method, pattern, async (c) => {
      await this.#access(c.req.raw, scope);
      return answer(c.req.raw, c.req.param());
    });
    const allow = method === "get" ? "GET, HEAD" : "POST";
    this.#app.all(pattern, ({ req }) => {
      throw new Refusal(
        "method_not_allowed",
        `${shown(req.method)} is not possible here; allowed: ${allow}`,
        {
          headers: { Allow: allow },
        },
      );
    });
  }
}

function checkNoParameters(request: Request): void {
  readQuery(request.url, NO_PARAMETERS);
}
