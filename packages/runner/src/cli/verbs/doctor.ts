import type { Command } from 'commander';
import type { CheckResult } from '../doctor/check.ts';
import { CHECKS } from '../doctor/checks.ts';
import { tensorflowCheck } from '../doctor/tensorflow-check.ts';
import { EXIT } from '../exit-codes.ts';
import { colorsFor } from '../output/colors.ts';
import { examples, exitingWith } from './verb.ts';

const MARKS = { ok: '✓', warning: '!', failed: '✕' };

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this machine: Node, TensorFlow, memory, disk; exit code 3 when something needed is missing')
    .option('--json', 'one JSON object a check', false)
    .addHelpText('after', examples('l2bn doctor'))
    .action(exitingWith(doctor));
}

async function doctor({ json }: { json: boolean }): Promise<number> {
  const colors = colorsFor(process.stdout);
  const paint = { ok: colors.green, warning: colors.yellow, failed: colors.red };
  let isFit = true;
  for (const check of [...CHECKS, tensorflowCheck]) {
    const result = await check();
    if (result.status === 'failed') isFit = false;
    process.stdout.write(`${json ? JSON.stringify(result) : line(result, paint[result.status])}\n`);
  }
  return isFit ? EXIT.ok : EXIT.environment;
}

function line({ name, status, found, advice }: CheckResult, paint: (text: string) => string): string {
  const head = `${paint(MARKS[status])} ${name.padEnd(12)} ${found}`;
  return advice === undefined ? head : `${head}\n  ${' '.repeat(12)} → ${advice}`;
}
