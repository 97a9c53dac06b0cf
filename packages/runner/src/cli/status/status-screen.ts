import { formatDuration, formatNumber } from '@l2bn/core/sweep';
import type { Colors } from '../colors.ts';
import type { RunningTrial, SweepStatus } from './sweep-status.ts';

/** Most entries of a list that are shown: the screen shall hold all. */
const SHOWN = 6;

/** Where a sweep stands, on one screen. Marks beside the colours: ✓ complete, ▸ goes on, ✕ failed or killed, ! diverged. */
export function statusScreen(status: SweepStatus, colors: Colors): string {
  const { name, phase, detail, workers, total, finished, eta, counts } = status;
  const running = status.running.length > 0;
  const head = [
    colors.bold(name),
    detail === '' ? phase : `${phase}: ${detail}`,
    `${finished}/${total} done`,
    ...(running && workers > 0 ? [`${workers} ${workers === 1 ? 'worker' : 'workers'}`] : []),
    ...(running ? [`ETA ${eta === null ? '…' : formatDuration(eta)}`] : []),
  ].join(' · ');
  const shownCounts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  return [
    `${mark(status, colors)} ${head}`,
    `  ${shownCounts.join(' · ')}`,
    ...section('running', status.running, (trial) => [runningLine(trial)], status.running.length),
    ...section('diverged (a result, not a failure)', status.diverged, ({ label, step, lastCrossEntropy }) => [
      `${colors.yellow('!')} ${label}: at step ${step}${
        lastCrossEntropy === null ? '' : `, last finite cross-entropy ${formatNumber(lastCrossEntropy)}`
      }`,
    ]),
    ...section('failed', status.failed, ({ label, attempts, error, repeat }) => [
      `${colors.red('✕')} ${label}: ${firstLine(error)} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})`,
      `  again: ${repeat}`,
    ]),
    ...(status.failed.length > 0 ? ['', 'l2bn retry puts failed trials back; l2bn run then runs them again.'] : []),
    ...(phase === 'killed' ? ['', 'No process runs it any more. Run the same l2bn run command to go on.'] : []),
    ...(phase === 'stopped' ? ['', 'Run the same l2bn run command to go on.'] : []),
  ].join('\n');
}

function mark({ complete, failed, phase }: SweepStatus, colors: Colors): string {
  if (complete) return colors.green('✓');
  return failed.length > 0 || phase === 'killed' ? colors.red('✕') : colors.cyan('▸');
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
  const { worker, label, attempt, step, totalSteps, epoch, epochs, crossEntropy, validationAccuracy, eta } = trial;
  if (totalSteps === 0) return `w${worker ?? '?'} ${label}  starting`;
  return [
    `w${worker ?? '?'} ${label}`,
    `step ${step}/${totalSteps}`,
    `epoch ${epoch}/${epochs}`,
    ...(crossEntropy === null ? [] : [`ce ${crossEntropy.toFixed(3)}`]),
    ...(validationAccuracy === null ? [] : [`val acc ${validationAccuracy.toFixed(3)}`]),
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(eta === null ? [] : [`ETA ${formatDuration(eta)}`]),
  ].join('  ');
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
