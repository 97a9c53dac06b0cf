/**
 * What a person reads at the end.
 */

/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {import('../contest.mjs').SizeResult} SizeResult */
/** @typedef {import('../contest.mjs').SweepBenchResult} SweepBenchResult */

const HEADINGS = [
  '',
  'ms/trial',
  '× l2bn',
  'first 10th',
  'last 10th',
  'CPU ms',
  'trials',
  'cells',
  'MB',
  'sync',
  'others',
];

/** @param {SweepBenchResult} result */
export function report({ machine, limit, unavailable, sizes }) {
  const { cpu, cores, memory, node, inMemory } = machine;
  const disk = inMemory ? '; the folder is in memory, so NOTHING WAITED FOR A DISK' : '';
  return [
    'What a sweep spends on a trial that trains nothing',
    `${cpu}, ${cores} cores, ${(memory / 2 ** 30).toFixed(0)} GB, Node ${node}${disk}`,
    ...sizes.map((size) => sizeText(size, limit)),
    ...Object.entries(unavailable).map(([peer, why]) => `\n${peer} took no part: ${why}`),
    `\n${LEGEND}\n`,
  ].join('\n');
}

const LEGEND = `ms/trial: wall time by trials that ended well; × l2bn: by that of the first line.
first 10th, last 10th: the same over the first and the last tenth of the trials that ended.
CPU ms: processor time per trial, of all processes; its tenths: of the process that schedules only.
MB: most resident memory of all processes together.
trials, cells: what ended in time, and how many cells of the plan that covers. * its time was up before all were covered.
sync: ms to bring 4 KiB to the disk, right before and after; others: cores that other programs kept busy meanwhile.
Where syncs differ or others are not near 0, wall times do not compare.`;

/**
 * @param {SizeResult} size
 * @param {number} limit
 */
function sizeText({ cells, contestants, resume, parts }, limit) {
  const rows = [HEADINGS, ...contestants.map(rowOf)];
  const first = contestants[0];
  const [heap, resident] = [first?.coordinatorHeap, first?.coordinatorMemory];
  const versions = [...new Set(contestants.map(({ version }) => version).filter(Boolean))];
  return [
    `\n${cells.toLocaleString('en')} cells (at most ${limit} s each)${versions.length > 0 ? `, ${versions.join(', ')}` : ''}`,
    ...aligned(rows),
    ...contestants.flatMap(({ error, contestant, setting }) =>
      error === undefined ? [] : [`${contestant}, ${setting}: ${error}`],
    ),
    `l2bn's parts by themselves, ms/trial: ledger ${figures(parts.ledger)}${
      parts.ledgerInMemory === null ? '' : ` (in memory ${figures(parts.ledgerInMemory)})`
    }, channel to the host ${figures(parts.channel)}, scheduler and state ${figures(parts.scheduler)}`,
    ...(heap === undefined || resident === undefined
      ? []
      : [`l2bn's coordinator: ${megabytes(resident)} MB resident at most, holds ${megabytes(heap)} MB of objects`]),
    ...(first === undefined ? [] : [`l2bn was ready after ${first.readySeconds.toFixed(2)} s`]),
    ...(resume === undefined
      ? []
      : [
          `opened again: ledger ${resume.openSeconds.toFixed(2)} s, after ${resume.planSeconds.toFixed(2)} s for the sweep file`,
        ]),
  ].join('\n');
}

/** @param {Summary} summary */
function rowOf(summary) {
  const { contestant, setting, isCutOff, cpuMilliseconds, memory, othersCores, timesFirst } = summary;
  return [
    `${contestant}, ${setting}`,
    figures(summary.milliseconds),
    figures(timesFirst),
    figures(summary.tenths[0]),
    figures(summary.tenths.at(-1)),
    figures(cpuMilliseconds),
    figures(summary.cpuTenths[0]),
    figures(summary.cpuTenths.at(-1)),
    `${summary.trials.toLocaleString('en')}${isCutOff ? '*' : ''}`,
    summary.cells.toLocaleString('en'),
    memory === undefined ? '–' : megabytes(memory),
    figures(summary.syncMilliseconds),
    othersCores === undefined ? '?' : othersCores.toFixed(2),
  ];
}

/** Three figures that count. @param {number | undefined} value */
const figures = (value) => {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 0.1 ? 2 : 3);
};

/** @param {number} bytes */
const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString('en');

/** The first column is text; the others are numbers and stand to the right. @param {string[][]} rows */
function aligned(rows) {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
