import { getDisplayValueAlignmentFactors, VizOrientation } from "@grafana/data";
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizRepeater,
} from "@grafana/ui";
import { displayValues } from "./display-values.ts";
import type { BodyProps } from "./panel-body.tsx";

export function Stats(props: BodyProps) {
  const { panel, width, height, theme } = props;
  const options = panel.options ?? {};
  const graphMode = (options["graphMode"] ?? BigValueGraphMode.Area) as BigValueGraphMode;
  const getValues = () => displayValues(props, graphMode !== BigValueGraphMode.None);
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      width={width}
      height={height}
      source={props.frames}
      renderCounter={0}
      orientation={(options["orientation"] ?? VizOrientation.Auto) as VizOrientation}
      renderValue={({ value, width, height, alignmentFactors, count }) => (
        <BigValue
          value={value.display}
          count={count}
          {...(value.sparkline !== undefined && { sparkline: value.sparkline })}
          colorMode={(options["colorMode"] ?? BigValueColorMode.Value) as BigValueColorMode}
          graphMode={graphMode}
          justifyMode={(options["justifyMode"] ?? BigValueJustifyMode.Auto) as BigValueJustifyMode}
          textMode={(options["textMode"] ?? BigValueTextMode.Auto) as BigValueTextMode}
          alignmentFactors={alignmentFactors}
          width={width}
          height={height}
          theme={theme}
        />
      )}
    />
  );
}
