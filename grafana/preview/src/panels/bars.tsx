import { type FieldDisplay, getDisplayValueAlignmentFactors, VizOrientation } from "@grafana/data";
import type { BarGaugeNamePlacement, VizTextDisplayOptions } from "@grafana/schema";
import { BarGauge, BarGaugeDisplayMode, VizRepeater } from "@grafana/ui";
import { displayValues } from "./display-values.ts";
import type { BodyProps } from "./panel-body.tsx";

/** Bar gauges are Grafana's; a gauge, which it does not publish, is drawn as one. */
export function Bars(props: BodyProps) {
  const { panel, width, height, theme } = props;
  const options = panel.options ?? {};
  const manual = options["sizing"] === "manual";
  const orientation = (options["orientation"] ?? VizOrientation.Horizontal) as VizOrientation;
  return (
    <VizRepeater
      getValues={() => displayValues(props, false)}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      width={width}
      height={height}
      source={props.frames}
      renderCounter={0}
      orientation={orientation}
      minVizHeight={manual ? Number(options["minVizHeight"] ?? 16) : 16}
      maxVizHeight={manual ? Number(options["maxVizHeight"] ?? 300) : 300}
      itemSpacing={8}
      renderValue={({ value, width, height, orientation, alignmentFactors }) => (
        <BarGauge
          value={value.display}
          width={width}
          height={height}
          orientation={orientation}
          field={fieldOf(value)}
          {...(value.view !== undefined && {
            display: value.view.getFieldDisplayProcessor(value.colIndex!)!,
          })}
          displayMode={(options["displayMode"] ?? BarGaugeDisplayMode.Gradient) as BarGaugeDisplayMode}
          showUnfilled={options["showUnfilled"] !== false}
          alignmentFactors={alignmentFactors}
          {...(options["namePlacement"] !== undefined && {
            namePlacement: options["namePlacement"] as BarGaugeNamePlacement,
          })}
          {...(options["text"] !== undefined && { text: options["text"] as VizTextDisplayOptions })}
          theme={theme}
        />
      )}
    />
  );
}

const fieldOf = ({ field }: FieldDisplay): FieldDisplay["field"] => field;
