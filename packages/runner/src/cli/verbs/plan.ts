import { loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import { type Command, Option } from 'commander';
import { freeMemory } from '../../engine/free-memory.ts';
import { chooseWorkerCount, estimateLargestTrial } from '../../engine/worker-count.ts';
import { type LoadedSweep, loadSweep } from '../../plan/build-plan.ts';
import { distinctData } from '../../plan/distinct-data.ts';
import { distinctModels } from '../../plan/distinct-models.ts';
import { idleKeys } from '../../plan/idle-keys.ts';
import { planShape } from '../../plan/plan-shape.ts';
import { type EarlierResults, earlierResults } from '../audit/earlier-results.ts';
import { orHelperFailure } from '../audit/helper-failure.ts';
import { inspectPlan } from '../audit/inspect-plan.ts';
import type { DataSummary } from '../audit/inspection.ts';
import { memoryWarnings } from '../audit/memory-warning.ts';
import { auditLine, auditTable, type ModelAudit, modelAudits, modelsWithoutBatchNorm } from '../audit/plan-audit.ts';
import { allProblems, refuseOtherData } from '../audit/preflight-problems.ts';
import { unreadData } from '../audit/unread-data.ts';
import { type PlanTime, planTime } from '../estimate/plan-time.ts';
import { representatives, stepShapes } from '../estimate/step-shapes.ts';
import { timeTexts } from '../estimate/time-text.ts';
import { EXIT } from '../exit-codes.ts';
import { cellTable } from '../output/cell-table.ts';
import { fields, formatBytes, sizeOf } from '../output/plan-text.ts';
import { terminalWidth } from '../output/terminal-width.ts';
import { sayWarnings } from '../output/warnings.ts';
import type { RunTarget } from '../target/run-target.ts';
import { chosenSweep } from '../target/sweep-target.ts';
import { DASHED_KEYS } from './dashed-keys.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT, SWEEP_ARGUMENT } from './verb.ts';

/** Kinds of step that are timed; the others are estimated from them. */
const MOST_TIMED = 8;
/** More seeds than these are shown by their ends. */
const SHOWN_SEEDS = 8;

interface PlanOptions {
  json: boolean;
  audit: boolean;
  measure: boolean;
  quick: boolean;
  wide: boolean;
}

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .configureOutput(DASHED_KEYS)
    .description(
      'Shows what l2bn run would run with the same words: the cells, how many trials, how long they take here, how much memory, and which variables λ reaches. Runs nothing. A few training steps are timed for it.',
    )
    .argument(...SWEEP_ARGUMENT)
    .argument(...OVERRIDES_ARGUMENT)
    .option('--audit', 'list which variables of each model receive which λ', false)
    .option('--no-measure', 'do not time training steps, and estimate no time')
    .addOption(
      new Option('--quick', 'do not load TensorFlow: no time, and no models built').default(false).conflicts('audit'),
    )
    .option('--wide', 'all columns, where the terminal has no room for them', false)
    .option('--json', 'the plan as one JSON object, times in ms', false)
    .addHelpText(
      'after',
      examples(
        'l2bn plan sweep.yaml',
        'l2bn plan sweep.yaml l2=0,1e-4,1e-3 workers=4',
        'l2bn plan my-sweep seeds=5   # what sweeps/my-sweep would run with more seeds',
        'l2bn plan sweep.yaml --audit --no-measure',
      ),
    )
    .action(
      exitingWith((sweep: string | undefined, overrides: string[], options: PlanOptions) =>
        orHelperFailure(() => plan(chosenSweep(sweep, overrides), options)),
      ),
    );
}

/** The cells, what they need, and what stands in their way. */
async function plan({ file, overrides, output }: RunTarget, options: PlanOptions): Promise<number> {
  const loaded = await loadSweep(file, overrides);
  const baseDirectory = dirname(resolve(file));
  const needed = resources(loaded);
  const earlier = earlierResults(loaded.plan, output);
  const print = (text: string) => {
    if (!options.json) process.stdout.write(text);
  };
  const width = options.wide ? Number.POSITIVE_INFINITY : terminalWidth(process.stdout);
  print(`${cellTable(loaded.plan, width)}\n\n${fields(described(loaded, needed, earlier))}`);
  const problems = await allProblems(loaded, baseDirectory, earlier);
  if (problems.length > 0) throw new InputError(...problems);
  const found = options.quick ? undefined : await inspect(loaded, baseDirectory, { ...options, ...needed, earlier });
  if (found !== undefined) refuseOtherData(loaded, found.data, earlier);
  print(fields([['data', dataTexts(loaded, found?.data)], ...(found === undefined ? [] : foundTexts(found, options))]));
  if (options.audit) print(`${(found?.audits ?? []).map((audit) => `\n${auditTable(audit)}\n`).join('')}`);
  const warnings = [
    ...idleKeys(loaded.plan),
    ...modelsWithoutBatchNorm(found?.audits ?? []),
    ...memoryWarnings(needed),
    ...(options.quick ? unreadData(loaded.plan, earlier) : []),
  ];
  if (options.json) {
    const all = { ...loaded.plan, ...needed, finished: earlier.finished.size, ...found, warnings };
    process.stdout.write(`${JSON.stringify(all)}\n`);
  }
  sayWarnings(loaded.file, warnings);
  return EXIT.ok;
}

interface Resources {
  workers: number;
  trialMemory: number;
  freeMemory: number;
}

function resources({ plan, sweep }: LoadedSweep): Resources {
  return {
    workers: chooseWorkerCount(plan, sweep.workers),
    trialMemory: estimateLargestTrial(plan),
    freeMemory: freeMemory(),
  };
}

type Field = [name: string, lines: string[]];

/** What can be said at once. */
function described(
  { plan, sweep }: LoadedSweep,
  { workers, trialMemory, freeMemory }: Resources,
  { folder, finished, problems }: EarlierResults,
): Field[] {
  const epochs = plan.cells.reduce((sum, { config }) => sum + config.epochs, 0) * plan.seeds.length;
  const why = sweep.workers === 'auto' ? 'as many as cores, memory and trials allow' : 'as the sweep says';
  return [
    ['varied', planShape(plan, sweep)],
    ['trials', [`${sizeOf(plan)} (${seedText(plan.seeds)})`]],
    [
      'done',
      finished.size === 0
        ? []
        : [`${finished.size} of them, in ${folder}${problems.length > 0 ? '' : ': not run again'}`],
    ],
    ['epochs', [`${epochs} in all`]],
    ['memory', [`about ${formatBytes(trialMemory)} a trial, ${formatBytes(freeMemory)} free`]],
    ['workers', [`${workers}, ${why}`]],
  ];
}

function seedText(seeds: readonly number[]): string {
  if (seeds.length === 1) return `seed ${seeds[0]}`;
  return `seeds ${seeds.length > SHOWN_SEEDS ? `${seeds.slice(0, 2).join(', ')} … ${seeds.at(-1)}` : seeds.join(', ')}`;
}

/** What takes TensorFlow to know. */
interface Found {
  /** Trials without a result. */
  remaining: number;
  data: DataSummary[];
  /** Undefined where nothing was measured. */
  time: PlanTime | undefined;
  audits: ModelAudit[];
}

async function inspect(
  loaded: LoadedSweep,
  baseDirectory: string,
  { measure, workers, earlier }: { measure: boolean; workers: number; earlier: EarlierResults },
): Promise<Found> {
  const { plan } = loaded;
  const models = distinctModels(plan);
  const tried = representatives(stepShapes(plan), MOST_TIMED);
  const [load = 0] = loadavg();
  const remaining = plan.trials.length - earlier.finished.size;
  const inspection = await inspectPlan(loaded, {
    baseDirectory,
    models,
    ...(measure && remaining > 0
      ? { timing: { shapes: tried.map(({ config }) => config), together: Math.min(workers, remaining) } }
      : {}),
  });
  return {
    remaining,
    data: inspection.data,
    time: planTime(loaded, inspection, { tried, workers, load, finished: earlier.finished }),
    audits: modelAudits(models, inspection.models),
  };
}

const foundTexts = ({ remaining, time, audits }: Found, { audit }: PlanOptions): Field[] => [
  ['time', remaining === 0 ? ['nothing is left to run'] : time === undefined ? [] : timeTexts(time)],
  ['audit', audit ? [] : audits.map(auditLine)],
];

function dataTexts({ plan }: LoadedSweep, found: readonly DataSummary[] | undefined): string[] {
  return distinctData(plan).map(({ source, path, imageSize, channels }, index) => {
    const name = path === undefined ? source : `${source} ${path}`;
    const { train, validation, classes } = found?.[index] ?? {};
    const images =
      train === undefined ? '' : `: ${train} images to train on, ${validation} to validate, ${classes} classes`;
    return `✓ ${name} ${imageSize}×${imageSize}×${channels}${images}`;
  });
}
