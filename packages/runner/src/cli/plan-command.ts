import { freemem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { InputError } from '@l2bn/core/sweep';
import type { Command } from 'commander';
import { chooseWorkerCount, estimateTrialMemory } from '../engine/worker-count.ts';
import { type LoadedSweep, loadSweep } from '../plan/build-plan.ts';
import { distinctData } from '../plan/distinct-data.ts';
import { planShape } from '../plan/plan-shape.ts';
import { auditPlan, auditText } from './audit/plan-audit.ts';
import { EXIT } from './exit-codes.ts';
import { cellTable, count, formatBytes, sizeOf } from './plan-text.ts';
import { allProblems } from './preflight-problems.ts';
import { examples, exitingWith, OVERRIDES_ARGUMENT, SWEEP_ARGUMENT } from './verb.ts';

interface PlanOptions {
  json: boolean;
  audit: boolean;
}

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description('show what a sweep file would run, and run nothing')
    .argument(...SWEEP_ARGUMENT)
    .argument(...OVERRIDES_ARGUMENT)
    .option('--audit', 'build each model and list which variables receive which λ', false)
    .option('--json', 'the plan as one JSON object', false)
    .addHelpText('after', examples('l2bn plan sweep.yaml l2=0,1e-4,1e-3', 'l2bn plan examples/article.yaml --audit'))
    .action(exitingWith(plan));
}

/** The cells, what they need, and what stands in their way. */
async function plan(file: string, overrides: string[], options: PlanOptions): Promise<number> {
  const loaded = await loadSweep(file, overrides);
  const baseDirectory = dirname(resolve(file));
  if (!options.json) process.stdout.write(`${cellTable(loaded.plan)}\n\n${shape(loaded)}${needs(loaded)}\n`);
  const problems = await allProblems(loaded, baseDirectory);
  if (problems.length > 0) throw new InputError(...problems);
  const audits = options.audit ? await auditPlan(loaded.plan, baseDirectory, loaded.file) : undefined;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...loaded.plan, ...resources(loaded), ...(audits && { audits }) })}\n`);
    return EXIT.ok;
  }
  process.stdout.write(`data        ${dataText(loaded)}\n`);
  for (const audit of audits ?? []) process.stdout.write(`\n${auditText(audit)}\n`);
  return EXIT.ok;
}

/** What is varied, as an indented block. */
function shape({ plan, sweep }: LoadedSweep): string {
  return planShape(plan, sweep)
    .map((line, index) => `${(index === 0 ? 'varied' : '').padEnd(12)}${line}\n`)
    .join('');
}

function resources({ plan, sweep }: LoadedSweep): { workers: number; trialMemory: number; freeMemory: number } {
  return {
    workers: chooseWorkerCount(plan, sweep.workers),
    trialMemory: Math.max(...plan.cells.map(({ config }) => estimateTrialMemory(config))),
    freeMemory: freemem(),
  };
}

function needs(loaded: LoadedSweep): string {
  const { plan, sweep } = loaded;
  const { workers, trialMemory, freeMemory } = resources(loaded);
  const why = sweep.workers === 'auto' ? 'as many as cores, memory and trials allow' : 'as the sweep says';
  return [
    `trials      ${sizeOf(plan)} (seeds ${plan.seeds.join(', ')})`,
    `epochs      ${plan.cells.reduce((sum, { config }) => sum + config.epochs, 0) * plan.seeds.length} in all`,
    `memory      about ${formatBytes(trialMemory)} a trial, ${formatBytes(freeMemory)} free`,
    `workers     ${workers}, ${why}`,
  ].join('\n');
}

function dataText({ plan }: LoadedSweep): string {
  const sets = distinctData(plan).map(({ source, path, imageSize, channels }) => {
    const size = `${imageSize}×${imageSize}×${channels}`;
    return path === undefined ? `${source} ${size}` : `${source} ${path} ${size}`;
  });
  return `✓ ${sets.join('; ')}${sets.length > 1 ? ` (${count(sets.length, 'set')})` : ''}`;
}
