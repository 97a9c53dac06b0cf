import { expect, it } from 'vitest';
import { keyHint } from './dashed-keys.ts';

it.each([
  ['--lr=0.1', '(keys are set without dashes: learningRate=0.1)\n'],
  ['--epochs', '(keys are set without dashes: epochs=…)\n'],
  ['--batch-size', '(keys are set without dashes: batchSize=…)\n'],
  ['--data.imageSize=48', '(keys are set without dashes: data.imageSize=48)\n'],
  ['--seeds=1,2', '(keys are set without dashes: seeds=1,2)\n'],
  ['--frobnicate', ''],
])('tells the word that is meant by %s', (option, hint) => {
  expect(keyHint(`error: unknown option '${option}'\n`)).toBe(hint);
});

it('says nothing beside a suggestion of another option, or of another error', () => {
  expect(keyHint("error: unknown option '--seed'\n(Did you mean --speed?)\n")).toBe('');
  expect(keyHint("error: missing required argument 'n'\n")).toBe('');
});
