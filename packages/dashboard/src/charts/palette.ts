/** Ordered palettes, readable by people with any kind of colour vision, sampled from matplotlib's tables. */

type Rgb = readonly [number, number, number];

const hex = (colours: string): Rgb[] =>
  colours.split(' ').map((c) => [0, 2, 4].map((i) => Number.parseInt(c.slice(i, i + 2), 16)) as unknown as Rgb);

const VIRIDIS = hex('440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725');
/** Plasma without its palest end, which vanishes on white, and its darkest, which vanishes on black. */
const PLASMA_ON_LIGHT = hex('3b0f9e 6300a7 8606a6 a62098 c03a83 cf4b68 d85c45 d97a12');
const PLASMA_ON_DARK = hex('8f6bff a95cf0 c24fd8 d94fb5 e75c8e f07a66 f79a49 fdc53b');

function mix(palette: readonly Rgb[], t: number): Rgb {
  const position = Math.min(1, Math.max(0, t)) * (palette.length - 1);
  const i = Math.min(palette.length - 2, Math.floor(position));
  const [a, b] = [palette[i]!, palette[i + 1]!];
  return [0, 1, 2].map((k) => a[k]! + (b[k]! - a[k]!) * (position - i)) as unknown as Rgb;
}

const css = (rgb: Rgb): string => `rgb(${rgb.map(Math.round).join(' ')})`;

/** Colour of a value at `t` in 0 … 1, and the ink that is readable on it (contrast at least 4.5 : 1). */
export function valueColour(t: number): { fill: string; ink: string } {
  const rgb = mix(VIRIDIS, t);
  return { fill: css(rgb), ink: contrast(rgb, WHITE) >= contrast(rgb, BLACK) ? css(WHITE) : css(BLACK) };
}

/** `steps` colours of the value palette as stops of a CSS gradient. */
export const valueGradient = (steps = 12): string =>
  `linear-gradient(to right, ${Array.from({ length: steps }, (_, i) => css(mix(VIRIDIS, i / (steps - 1)))).join(', ')})`;

/** Line colour of the `index`-th of `count` ordered settings. */
export function settingColour(index: number, count: number, dark: boolean): string {
  return css(mix(dark ? PLASMA_ON_DARK : PLASMA_ON_LIGHT, count <= 1 ? 0.35 : index / (count - 1)));
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** WCAG 2 contrast ratio of two sRGB colours. */
export function contrast(a: Rgb, b: Rgb): number {
  const [la, lb] = [luminance(a), luminance(b)];
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
