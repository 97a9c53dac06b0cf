/** From this size on the digits before the point say less than their number. */
const LARGE = 1e6;

/** `0.1234`; `3.6977e12` for what is that large, so that columns and lanes keep their width. */
export const fixedNumber = (value: number, places: number): string =>
  Math.abs(value) >= LARGE ? value.toExponential(places).replace('e+', 'e') : value.toFixed(places);
