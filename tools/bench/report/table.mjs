/**
 * What a person reads at the end.
 */

/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {import('../machine/machine.mjs').MachineLimits} MachineLimits */

const HEADINGS = [
  '',
  'images/s',
  '(min – max)',
  'graph is',
  '(min – max)',
  'parameters',
  'others',
  'setting',
  'version',
];
/** Columns of text; the others are numbers and stand to the right. */
const TEXT = new Set([0, 7, 8]);

/**
 * @param {Record<string, Summary[]>} sizes
 * @param {number} cores
 */
export function tableOf(sizes, cores) {
  const blocks = Object.entries(sizes).map(([size, summaries]) => {
    const lines = aligned([HEADINGS, ...summaries.map(rowOf)]);
    return [`\n${size}×${size}`, ...lines, ...otherSettings(summaries)].join('\n');
  });
  const title = `MobileNetV2, α = 1, batch 32, Batch Normalization + L2, SGD: images trained per second by ${cores} cores`;
  return `${title}\n${blocks.join('\n')}\n\n${LEGEND}\n`;
}

const LEGEND = `images/s: the whole machine's, median over the rounds at the contestant's fastest setting.
graph is: how many times as fast the graph engine was, round by round.
others: cores that other programs kept busy meanwhile; where that is not near 0, trust the ratios only.`;

/** @param {Summary} summary */
function rowOf({ contestant, imagesPerSecond, min, max, setting, graphIsTimes, parameters, othersCores, version }) {
  return [
    contestant,
    rate(imagesPerSecond),
    `(${rate(min)} – ${rate(max)})`,
    graphIsTimes === undefined ? '' : `${graphIsTimes.median.toFixed(2)} ×`,
    graphIsTimes === undefined ? '' : `(${graphIsTimes.min.toFixed(2)} – ${graphIsTimes.max.toFixed(2)})`,
    parameters.toLocaleString('en'),
    othersCores === undefined ? '?' : othersCores.toFixed(2),
    setting,
    version,
  ];
}

/** @param {Summary[]} summaries */
const otherSettings = (summaries) =>
  summaries.flatMap(({ contestant, settings }) =>
    settings.slice(1).map(({ setting, imagesPerSecond, rounds }) => {
      const once = rounds.length === 1 ? ' (one round)' : '';
      return `  also ${contestant}, ${setting}: ${rate(imagesPerSecond)}${once}`;
    }),
  );

/** @param {number} value */
const rate = (value) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

/** @param {string[][]} rows */
function aligned(rows) {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return TEXT.has(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** @param {MachineLimits} limits */
export function machineLines({ cpu, cores, arithmetic, matrixProduct, copy, triad }) {
  /** @type {(label: string, limit: import('../machine/machine.mjs').Limit, unit: string) => string} */
  const line = (label, { oneThread, allCores }, unit) =>
    `  ${label.padEnd(42)}${oneThread.toFixed(1).padStart(8)}${allCores.toFixed(1).padStart(12)}  ${unit}`;
  return [
    `\nThe machine: ${cpu}, ${cores} cores`,
    `  ${''.padEnd(42)}${'1 thread'.padStart(8)}${'all cores'.padStart(12)}`,
    line('multiply-adds in registers, float32', arithmetic, 'GFLOP/s'),
    line('TensorFlow MatMul, float32, 1024³', matrixProduct, 'GFLOP/s'),
    line('memory: copy (read + written)', copy, 'GB/s'),
    line('memory: triad a = b + s·c (read + written)', triad, 'GB/s'),
    '',
  ].join('\n');
}
