import { describe, expect, it } from 'vitest';
import { decayAfter } from './decay.ts';
import { pureDecayReach } from './pure-decay.ts';

/** The first values of a kernel, one of them tiny. */
const START = [0.13498078, -0.12406565, 0.05617869, 2e-5].map(Math.fround);
const EPOCHS = 9;
const SGD = { optimizer: 'sgd', momentum: 0.9, learningRate: 0.1, l2: 1e-3 } as const;

interface Line {
  step: number;
  weights: { layer: string; values: (number | null)[]; norm: number | null };
}

const lineOf = (step: number, values: readonly number[]): Line => ({
  step,
  weights: { layer: 'Conv1', values: [...values], norm: Math.hypot(...values) },
});

/** What nothing but the penalty makes of the kernel, step by step in single precision, with subnormal numbers flushed. */
function replay({ learningRate, l2 }: { learningRate: number; l2: number }, stepsPerEpoch: number): Line[] {
  const float = (x: number) => (Math.abs(x) < 2 ** -126 ? 0 : Math.fround(x));
  const [rate, coefficient] = [float(learningRate), float(2 * l2)];
  let values = START;
  const lines = [lineOf(0, values)];
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    for (let i = 0; i < stepsPerEpoch; i++) values = values.map((w) => float(w - float(rate * float(coefficient * w))));
    lines.push(lineOf(epoch * stepsPerEpoch, values));
  }
  return lines;
}

/** The curve itself, in double precision, changed as the test wants. */
const curve = (l2: number, change: (line: Line, epoch: number) => Line, stepsPerEpoch = 45): Line[] =>
  Array.from({ length: EPOCHS + 1 }, (_, epoch) => {
    const step = epoch * stepsPerEpoch;
    const factor = decayAfter(SGD.learningRate, l2, step);
    return change(
      lineOf(
        step,
        START.map((w) => w * factor),
      ),
      epoch,
    );
  });
const withNorm = (line: Line, factor: number): Line => ({
  ...line,
  weights: { ...line.weights, norm: line.weights.norm! * factor },
});
const withValues = (line: Line, factor: number): Line => ({
  ...line,
  weights: { ...line.weights, values: line.weights.values.map((value) => value! * factor) },
});

describe('pureDecayReach', () => {
  it.each([
    ["the article's nine epochs", 1e-3, 1563],
    ['a λ whose steps are less than one unit of the last place', 1e-7, 1563],
    ['a λ whose steps all round to the same side', 1.5e-6, 1563],
    ['a λ that shrinks the kernel into underflow', 0.1, 1563],
    ['no λ', 0, 1563],
  ])('finds the whole kernel of a single-precision replay on the curve: %s', (_, l2, stepsPerEpoch) => {
    expect(pureDecayReach(replay({ ...SGD, l2 }, stepsPerEpoch), { ...SGD, l2 })).toBe('kernel');
  });

  it('goes by the records it is given, from whichever epoch on', () => {
    expect(pureDecayReach(replay(SGD, 45).slice(4), SGD)).toBe('kernel');
  });

  it('allows what single precision rounds of the present value, not of the first one', () => {
    const l2 = 0.1;
    const off = (relative: number) =>
      curve(l2, (line, epoch) => (epoch === EPOCHS ? withValues(line, 1 + relative) : line));
    // 405 steps round by 2.4e-5 at most; by then a weight is 3e-4 of what it was, and 1e-3 of that 3e-7 of the first.
    expect(pureDecayReach(off(2e-5), { ...SGD, l2 })).toBe('kernel');
    expect(pureDecayReach(off(1e-3), { ...SGD, l2 })).toBe('none');
  });

  it('allows no rounding where nothing is subtracted', () => {
    const resting = (relative: number) =>
      curve(0, (line, epoch) => (epoch === 0 ? line : withNorm(line, 1 + relative)));
    expect(pureDecayReach(resting(0), { ...SGD, l2: 0 })).toBe('kernel');
    expect(pureDecayReach(resting(5e-6), { ...SGD, l2: 0 })).toBe('values');
  });

  it('takes neither ten values nor the norm for the kernel', () => {
    const border = curve(1e-3, (line, epoch) => withNorm(line, 1 + 0.005 * epoch));
    expect(pureDecayReach(border, SGD)).toBe('values');
    const turning = curve(1e-3, (line, epoch) =>
      epoch === 0 ? line : { ...line, weights: { ...line.weights, values: line.weights.values.toReversed() } },
    );
    expect(pureDecayReach(turning, SGD)).toBe('none');
  });

  it('looks at every epoch, not only at the last', () => {
    const detour = curve(1e-3, (line, epoch) => (epoch === 3 ? withNorm(line, 1.01) : line));
    expect(pureDecayReach(detour, SGD)).toBe('values');
  });

  it('does not let a tiny value off: it is judged by the scale of the kernel', () => {
    const moved = (by: number) =>
      curve(1e-3, (line, epoch) => {
        const [a, b, c, tiny] = line.weights.values;
        return { ...line, weights: { ...line.weights, values: [a!, b!, c!, tiny! + (epoch === 0 ? 0 : by)] } };
      });
    expect(pureDecayReach(moved(1e-8), SGD)).toBe('kernel');
    expect(pureDecayReach(moved(1e-6), SGD)).toBe('none');
  });

  it('goes by the closed form under every optimizer that has it', () => {
    const lines = replay(SGD, 45);
    expect(pureDecayReach(lines, { ...SGD, optimizer: 'adamw' })).toBe('kernel');
    expect(pureDecayReach(lines, { ...SGD, optimizer: 'nesterov', momentum: 0 })).toBe('kernel');
    expect(pureDecayReach(lines, { ...SGD, optimizer: 'adam' })).toBe('none');
    expect(pureDecayReach(replay({ ...SGD, l2: 0 }, 45), { ...SGD, optimizer: 'adam', l2: 0 })).toBe('kernel');
  });

  it('is none for other optimizers, of a single record, of no values and of weights that are not finite', () => {
    const lines = replay(SGD, 45);
    expect(pureDecayReach(lines, { ...SGD, optimizer: 'momentum' })).toBe('none');
    expect(pureDecayReach([], SGD)).toBe('none');
    expect(pureDecayReach(lines.slice(0, 1), SGD)).toBe('none');
    expect(
      pureDecayReach(
        curve(1e-3, (line) => ({ ...line, weights: { layer: '', values: [], norm: 0 } })),
        SGD,
      ),
    ).toBe('none');
    const lost = lines.map((line, i) =>
      i < 5 ? line : { ...line, weights: { layer: 'Conv1', values: line.weights.values.map(() => null), norm: null } },
    );
    expect(pureDecayReach(lost, SGD)).toBe('none');
  });
});
