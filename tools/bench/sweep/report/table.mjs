/**
 * What a person reads at the end.
 */

/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {import('../contest.mjs').SizeResult} SizeResult */
/** @typedef {import('../contest.mjs').SweepBenchResult} SweepBenchResult */

/**
 * A column by its heading and what stands under it, so that the two cannot come apart.
 * @type {[heading: string, cell: (summary: Summary) => string][]}
 */
const COLUMNS = [
  ['', ({ contestant, setting }) => `${contestant}, ${setting}`],
  ['ms/trial', ({ milliseconds }) => figures(milliseconds)],
  ['× l2bn', ({ timesFirst }) => figures(timesFirst)],
  ['first 10th', ({ tenths }) => figures(tenths[0])],
  ['last 10th', ({ tenths }) => figures(tenths.at(-1))],
  ['CPU ms', ({ cpuMilliseconds }) => figures(cpuMilliseconds)],
  ['first CPU', ({ cpuTenths }) => figures(cpuTenths[0])],
  ['last CPU', ({ cpuTenths }) => figures(cpuTenths.at(-1))],
  ['trials', ({ trials, isCutOff }) => `${trials.toLocaleString('en')}${isCutOff ? '*' : ''}`],
  ['cells', ({ cells }) => cells.toLocaleString('en')],
  ['MB', ({ memory }) => (memory === undefined ? '–' : megabytes(memory))],
  ['sync', ({ syncMilliseconds }) => figures(syncMilliseconds)],
  ['others', ({ othersCores }) => (othersCores === undefined ? '?' : othersCores.toFixed(2))],
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
CPU ms: processor time per trial, of all processes; first CPU, last CPU: over those tenths, of the process that
schedules only.
MB: most resident memory of all processes together.
trials, cells: what ended in time, and how many cells of the plan that covers. * its time was up before all were covered.
sync: ms to bring 4 KiB to the disk, right before and after; others: cores that other programs kept busy meanwhile.
Where syncs differ or others are not near 0, wall times do not compare.`;

/**
 * @param {SizeResult} size
 * @param {number} limit
 */
function sizeText({ cells, contestants, resume, parts }, limit) {
  const headings = COLUMNS.map(([heading]) => heading);
  const rows = [headings, ...contestants.map((summary) => COLUMNS.map(([, cell]) => cell(summary)))];
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

/** Three figures that count. @param {number | undefined} value */
const figures = (value) => {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 0.1 ? 2 : 3);
};

/** @param {number} bytes */
const megabytes = (bytes) => Math.round(bytes / 1e6).toLocaleString('en');

/** The first column is text; the others are numbers and stand to the right. @param {string[][]} rows */
function aligned(rows) {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
