/** Digits after the point at most, numpy's default. */
const PRECISION = 8;

/**
 * Float32 values as `numpy` prints a float32 array: `[ 0.13498078 -0.12406565  0.1112484 ]`. Each value has as many digits
 * as tell it from its float32 neighbours, eight after the point at most; signs and points stand below each other; where
 * the largest is above 1000 times the smallest or one is below 1e-4 (or 1e8 and above) all are written as `1.5e-05`.
 * Unlike numpy's, the line is never broken.
 */
export function formatValues(values: ArrayLike<number>): string {
  const numbers = Array.from(values);
  const parts = (needsExponent(numbers) ? exponential(numbers) : fixed(numbers)).map((text, i) =>
    Number.isFinite(numbers[i]) ? text : String(numbers[i]).replace('Infinity', 'inf').replace('NaN', 'nan'),
  );
  const width = Math.max(...parts.map((part) => part.length));
  return `[${parts.map((part) => part.padStart(width)).join(' ')}]`;
}

/** The fewest significant digits that give the same float32. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits - 1);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

function needsExponent(numbers: number[]): boolean {
  const sizes = numbers.filter((value) => value !== 0 && Number.isFinite(value)).map(Math.abs);
  if (sizes.length === 0) return false;
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  return largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000;
}

function fixed(numbers: number[]): string[] {
  const texts = numbers.map((value) => {
    if (!Number.isFinite(value)) return '.';
    const [mantissa, exponent] = shortest(value).split('e') as [string, string];
    const fraction = Math.max(0, mantissa.replace(/^-?\d\.?/, '').length - Number(exponent));
    const text = Number(shortest(value)).toFixed(Math.min(fraction, PRECISION));
    return text.includes('.') ? text.replace(/0+$/, '') : `${text}.`;
  });
  const fractionOf = (text: string) => text.length - text.indexOf('.');
  const longest = Math.max(...texts.map(fractionOf));
  return texts.map((text) => text + ' '.repeat(longest - fractionOf(text)));
}

function exponential(numbers: number[]): string[] {
  const digitsOf = (value: number) => shortest(value).split('e')[0]!.replace(/[-.]/g, '').length - 1;
  const digits = Math.min(PRECISION, Math.max(0, ...numbers.filter(Number.isFinite).map(digitsOf)));
  return numbers.map((value) => {
    const [mantissa, exponent] = value.toExponential(digits).split('e') as [string, string];
    const power = exponent?.slice(1).padStart(2, '0');
    return `${mantissa.includes('.') ? mantissa : `${mantissa}.`}e${exponent?.[0]}${power}`;
  });
}
