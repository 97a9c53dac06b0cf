import { describe, expect, it } from 'vitest';
import { suggestKey } from './known-keys.ts';

describe('suggestKey', () => {
  it('knows what other tools call a key', () => {
    expect(suggestKey('lr', 'config')).toBe('"learningRate"');
    expect(suggestKey('weight_decay', 'config')).toBe('"l2"');
    expect(suggestKey('lambda', 'axes')).toBe('"l2"');
    expect(suggestKey('bn', 'axes')).toBe('"batchNorm"');
  });

  it('sees past the other way to join words', () => {
    expect(suggestKey('learning_rate', 'config')).toBe('"learningRate"');
    expect(suggestKey('batch-size', 'config')).toBe('"batchSize"');
  });

  it('names the nearest key for a slip', () => {
    expect(suggestKey('epoch', 'config')).toBe('"epochs"');
    expect(suggestKey('l1', 'config')).toBe('"l2"');
    expect(suggestKey('xy', 'config')).toMatch(/^one of: model, /);
  });

  it('offers no name that has no place there', () => {
    expect(suggestKey('lr', 'pruning')).toMatch(/^one of: rule, /);
  });

  it.each([
    ['l2', '', 'it below config, or below axes to sweep it'],
    ['lr', '', '"learningRate" below config, or below axes to sweep it'],
    ['data', '', 'it below config'],
    ['seeds', 'config', 'it at the top, beside config'],
    ['seed', 'config', '"seeds" at the top, beside config'],
    ['imageSize', 'config', 'it below data'],
    ['data.imageSize', 'config', '"imageSize" below data'],
    ['epochs', 'config.data', 'it beside data'],
    ['imageSize', 'axes', '"data.imageSize"'],
    ['l2', 'samples', 'it below samples.axes'],
    ['asha', 'pruning', '"rule: asha"'],
  ])('says where %s belongs that stands in "%s"', (key, parent, want) => {
    expect(suggestKey(key, parent)).toBe(want);
  });
});
