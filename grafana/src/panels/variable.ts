/** `${name}`: a variable of the board, or of the value under the mouse. */
export const variable = (name: string): string => `\${${name}}`;

/** The value of the cell, and of the row's field of that name. */
export const VALUE = variable("__value.raw");
export const fieldOf = (name: string): string => variable(`__data.fields.${name}`);
/** A label of the series. */
export const labelOf = (name: string): string => variable(`__field.labels.${name}`);
