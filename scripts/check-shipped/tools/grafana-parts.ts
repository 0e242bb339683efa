import { createRequire } from "node:module";
import { join } from "node:path";
import type { Data } from "../data.ts";
import type { Frame } from "../grafana/frames.ts";
import { installPreview, PREVIEW } from "./preview-install.ts";
import { type SchemaErrors, schemaValidator } from "./schemas.ts";

/** What Grafana publishes of itself on npm, of the release that docker-compose.yml runs. */
export interface GrafanaParts {
  /** Ids such as `currencyUSD`. */
  readonly units: ReadonlySet<string>;
  /** Ids such as `joinByField`: what can be run here. */
  readonly transformations: ReadonlySet<string>;
  /** Runs a panel's transformations, as the panel would. @throws Error where one of them is unknown. */
  transform(frames: readonly Frame[], transformations: readonly Data[]): Promise<readonly Frame[]>;
  readonly schemaErrors: SchemaErrors;
}

/** The part of @grafana/data that is used; it is not installed where this is compiled. */
interface GrafanaData {
  getValueFormats(): readonly { readonly submenu: readonly { readonly value: string }[] }[];
  readonly standardTransformers: Readonly<Record<string, { readonly id: string }>>;
  readonly standardTransformersRegistry: { setInit(init: () => readonly Data[]): void };
  createDataFrame(frame: Frame): Frame;
  transformDataFrame(configs: readonly Data[], frames: readonly Frame[], context: Data): unknown;
}

interface Rxjs {
  lastValueFrom(observable: unknown): Promise<readonly Frame[]>;
}

/** @throws Error where the packages cannot be installed. */
export function loadGrafanaParts(say: (line: string) => void): GrafanaParts {
  installPreview(say);
  const require = createRequire(join(PREVIEW, "package.json"));
  const grafana = require("@grafana/data") as GrafanaData;
  const { lastValueFrom } = require("rxjs") as Rxjs;
  // A transformation looks into the page's window for switches of Grafana's; there are none. Not before the packages are loaded:
  // one of them would take this for a browser.
  Object.assign(globalThis, { window: globalThis });
  // Two of them have one id: the second is an old name of the first.
  const known = new Map(Object.values(grafana.standardTransformers).map((one) => [one.id, one]));
  grafana.standardTransformersRegistry.setInit(() =>
    [...known].map(([id, transformation]) => ({ id, name: id, transformation: async () => transformation })),
  );
  return {
    units: new Set(grafana.getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value))),
    transformations: new Set(known.keys()),
    async transform(frames, transformations) {
      const unknown = transformations.find(({ id }) => !known.has(String(id)));
      if (unknown !== undefined)
        throw new Error(`no transformation is called ${JSON.stringify(unknown["id"])}`);
      const context = { interpolate: (text: string) => text };
      const made = frames.map((frame) => grafana.createDataFrame(frame));
      return lastValueFrom(grafana.transformDataFrame(transformations, made, context));
    },
    schemaErrors: schemaValidator(say),
  };
}
