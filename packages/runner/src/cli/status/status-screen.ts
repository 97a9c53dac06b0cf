import { formatAxisValue, formatDuration, formatNumber } from '@l2bn/core/sweep';
import { fixedNumber } from '../../report/fixed-number.ts';
import { mixedText } from '../../schedule/model-versions.ts';
import type { Colors } from '../output/colors.ts';
import type { RunningTrial, SweepStatus } from './sweep-status.ts';

/** Most entries of a list that are shown: the screen shall hold all. */
const SHOWN = 6;

/**
 * Where a sweep stands, on one screen. Marks beside the colours: ✓ complete, ▸ goes on, ✕ failed or killed, ▿ pruned, ! diverged
 * or otherwise to be looked at.
 */
export function statusScreen(status: SweepStatus, colors: Colors): string {
  const { name, phase, detail, workers, total, finished, eta, counts } = status;
  const running = status.running.length > 0;
  const head = [
    colors.bold(name),
    detail === '' ? phase : `${phase}: ${detail}`,
    `${finished}/${total} ended`,
    ...(running && workers > 0 ? [`${workers} ${workers === 1 ? 'worker' : 'workers'}`] : []),
    ...(running ? [`ETA ${eta === null ? '…' : formatDuration(eta)}`] : []),
  ].join(' · ');
  const shownCounts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state === 'leased' ? 'about to start' : state}`);
  return [
    `${mark(status, colors)} ${head}`,
    `  ${shownCounts.join(' · ')}`,
    ...section('running', status.running, (trial) => [runningLine(trial)], status.running.length),
    ...section('diverged (a result, not a failure)', status.diverged, ({ shortId, label, step, lastCrossEntropy }) => [
      `${colors.yellow('!')} ${shortId} ${label}: at step ${step}${
        lastCrossEntropy === null ? '' : `, last finite cross-entropy ${formatNumber(lastCrossEntropy)}`
      }`,
    ]),
    ...section(
      'pruned (censored: nobody knows what they would have come to)',
      status.pruned,
      ({ shortId, label, epoch, why }) => [`${colors.yellow('▿')} ${shortId} ${label}: after epoch ${epoch}, ${why}`],
    ),
    ...section('without a new checkpoint', status.unsaved, ({ shortId, label, epoch, error }) => [
      `${colors.yellow('!')} ${shortId} ${label}: the last is ${epoch === null ? 'none' : `of epoch ${epoch}`}: ${firstLine(error)}`,
    ]),
    ...section('failed', status.failed, ({ shortId, label, attempts, error, repeat }) => [
      `${colors.red('✕')} ${shortId} ${label}: ${firstLine(error)} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})`,
      `  again: ${repeat}`,
    ]),
    ...status.mixedModels.flatMap((mixed) => ['', `${colors.yellow('!')} ${mixedText(mixed)}`]),
    ...survivalLines(status, colors),
    ...nextLines(status),
  ].join('\n');
}

/** What to type next. */
function nextLines({ phase, failed, mended, commands: { resume, retry } }: SweepStatus): string[] {
  const isOver = phase === 'killed' || phase === 'stopped' || phase === 'finished';
  return [
    ...(failed.length > 0
      ? ['', `${retry} puts failed trials back${isOver ? `; ${resume} then runs them` : ''}.`]
      : []),
    ...(mended === null ? [] : [mended]),
    ...(phase === 'killed' ? ['', `No process runs it any more. To go on: ${resume}`] : []),
    ...(phase === 'stopped' ? ['', `To go on: ${resume}`] : []),
  ];
}

function mark({ complete, failed, phase }: SweepStatus, colors: Colors): string {
  if (complete) return colors.green('✓');
  return failed.length > 0 || phase === 'killed' ? colors.red('✕') : colors.cyan('▸');
}

/** How many of each arm came through, where a rule thinned them or they differ; and what that means. */
function survivalLines({ survival: { arms, differs } }: SweepStatus, colors: Colors): string[] {
  if (arms.length < 2 || !(differs || arms.some(({ pruned }) => pruned > 0))) return [];
  const names = arms.map(({ values }) =>
    Object.entries(values)
      .map(([key, value]) => formatAxisValue(key, value))
      .join(' · '),
  );
  const width = Math.max(...names.map((name) => name.length));
  const lost = ['diverged', 'pruned', 'failed'] as const;
  return [
    '',
    'survival by arm',
    ...arms.map((arm, index) => {
      const causes = lost.filter((cause) => arm[cause] > 0).map((cause) => `${arm[cause]} ${cause}`);
      const share = arm.ended === 0 ? 'none has ended' : `${arm.survived} of ${arm.ended} ended trials came through`;
      return `  ${names[index]!.padEnd(width)}  ${share}${causes.length === 0 ? '' : ` (${causes.join(', ')})`}`;
    }),
    ...(differs
      ? [
          `  ${colors.yellow('!')} The arms differ: a mean over what came through is a mean over the best of the thinner arm.`,
          `    Compare per cell${arms.some(({ pruned }) => pruned > 0) ? ', or run the rest: l2bn retry TRIAL' : ''}.`,
        ]
      : []),
  ];
}

function section<T>(title: string, items: T[], lines: (item: T) => string[], most = SHOWN): string[] {
  if (items.length === 0) return [];
  const left = items.length - most;
  return [
    '',
    title,
    ...items.slice(0, most).flatMap((item) => lines(item).map((line) => `  ${line}`)),
    ...(left > 0 ? [`  … and ${left} more (l2bn status --json lists all)`] : []),
  ];
}

function runningLine(trial: RunningTrial): string {
  const { worker, shortId, label, attempt, step, totalSteps, epoch, epochs, crossEntropy, validationAccuracy, eta } =
    trial;
  if (totalSteps === 0) return `w${worker ?? '?'} ${shortId} ${label}  starting`;
  return [
    `w${worker ?? '?'} ${shortId} ${label}`,
    `step ${step}/${totalSteps}`,
    `epoch ${epoch}/${epochs}`,
    ...(crossEntropy === null ? [] : [`ce ${fixedNumber(crossEntropy, 3)}`]),
    ...(validationAccuracy === null ? [] : [`val acc ${validationAccuracy.toFixed(3)}`]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(eta === null ? [] : [`ETA ${formatDuration(eta)}`]),
  ].join('  ');
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
