import { type Attributes, ints, text } from '../native/attributes.ts';

/** Rows and columns of zeros around a map: top, bottom, left, right. */
export type Padding = readonly [top: number, bottom: number, left: number, right: number];

export const NO_PADDING: Padding = [0, 0, 0, 0];

export interface Window {
  size: readonly [number, number];
  kernel: readonly [number, number];
  strides: readonly [number, number];
}

/** Padding of TensorFlow's 'SAME': output ⌈size / stride⌉, an odd row or column goes to the bottom or right. */
export function samePadding({ size, kernel, strides }: Window): Padding {
  const along = (axis: 0 | 1): [number, number] => {
    const outputs = Math.ceil(size[axis] / strides[axis]);
    const total = Math.max(0, (outputs - 1) * strides[axis] + kernel[axis] - size[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return [...along(0), ...along(1)];
}

/** TensorFlow's name for a padding, if it has one. */
export function paddingName(padding: Padding, window: Window): 'SAME' | 'VALID' | undefined {
  const same = samePadding(window);
  if (padding.every((size) => size === 0)) return 'VALID';
  return padding.every((size, side) => size === same[side]) ? 'SAME' : undefined;
}

/** The attributes that ask a convolution for this padding; by name where it has one, as those kernels are the best tested. */
export function paddingAttributes(padding: Padding, window: Window): Attributes {
  const name = paddingName(padding, window);
  if (name !== undefined) return { padding: text(name) };
  const [top, bottom, left, right] = padding;
  return { padding: text('EXPLICIT'), explicit_paddings: ints([0, 0, top, bottom, left, right, 0, 0]) };
}
