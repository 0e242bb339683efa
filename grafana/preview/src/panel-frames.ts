import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  createDataFrame,
  type DataFrame,
  type FieldConfigOptionsRegistry,
  type FieldConfigSource,
  type GrafanaTheme2,
  standardTransformers,
  standardTransformersRegistry,
  transformDataFrame,
} from "@grafana/data";
import { lastValueFrom } from "rxjs";
import { framesOf } from "../../../scripts/check-shipped/grafana/frames.ts";
import type { BoardData, Json, PanelJson } from "./board-data.ts";

export type PanelFrames = { readonly frames: DataFrame[] } | { readonly error: string };

type Transformers = (typeof standardTransformers)["noopTransformer"][];

// Two of them have one id: the second is an old name of the first.
const known = new Map(
  (Object.values(standardTransformers) as unknown as Transformers).map((one) => [one.id, one]),
);
standardTransformersRegistry.setInit(() =>
  [...known].map(([id, transformation]) => ({
    id,
    name: id,
    transformation: async () => transformation,
    editor: () => null,
    imageDark: "",
    imageLight: "",
  })),
);

/** Answers → frames → the panel's transformations → its field config, all but the first by Grafana's own code. */
export async function framesForPanel(
  panel: PanelJson,
  data: BoardData,
  theme: GrafanaTheme2,
): Promise<PanelFrames> {
  const answers = data.answers[String(panel.id)] ?? [];
  const frames = framesOf(answers).map((frame) =>
    createDataFrame(frame as unknown as Parameters<typeof createDataFrame>[0]),
  );
  const configs = (panel.transformations ?? []) as unknown as Parameters<typeof transformDataFrame>[0];
  const transformed = await lastValueFrom(
    transformDataFrame(configs, frames, { interpolate: (text) => text }),
  );
  const overridden = applyFieldOverrides({
    data: transformed,
    fieldConfig: fieldConfigOf(panel),
    fieldConfigRegistry: registryOf(panel),
    replaceVariables: (text) => text,
    theme,
    timeZone: "utc",
  });
  cacheFieldDisplayNames(overridden);
  return { frames: overridden };
}

export const fieldConfigOf = ({ fieldConfig }: PanelJson): FieldConfigSource =>
  (fieldConfig ?? { defaults: {}, overrides: [] }) as unknown as FieldConfigSource;

/** Grafana's registry of what a field can be given lives in its core; here everything is taken as it is written. */
function registryOf({ fieldConfig }: PanelJson): FieldConfigOptionsRegistry {
  const { custom = {}, ...defaults } = (fieldConfig?.defaults ?? {}) as Json & { custom?: Json };
  const ids = [...Object.keys(defaults), ...Object.keys(custom).map((key) => `custom.${key}`)];
  return { getIfExists: item, get: item, list: () => ids.map(item) } as unknown as FieldConfigOptionsRegistry;
}

function item(id: string) {
  const isCustom = id.startsWith("custom.");
  const path = isCustom ? id.slice("custom.".length) : id;
  return { id, path, isCustom, name: id, process: (value: unknown) => value, shouldApply: () => true };
}
