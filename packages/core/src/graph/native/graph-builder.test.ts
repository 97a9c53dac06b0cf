import { describe, expect, it } from 'vitest';
import { GraphBuilder, output } from './graph-builder.ts';

describe('GraphBuilder', () => {
  it('gives every node a name of its own, under the scopes that are open', () => {
    const graph = new GraphBuilder();
    const names = graph.scope('a', () => [
      graph.add('Mul', []),
      graph.scope('b', () => graph.add('Mul', [])),
      graph.add('Mul', []),
    ]);
    expect([...names, graph.add('Mul', []), graph.add('Add', [], {}, { name: 'a/Mul' })]).toEqual([
      'a/Mul',
      'a/b/Mul',
      'a/Mul_1',
      'Mul',
      'a/Mul_2',
    ]);
  });

  it('closes a scope that threw', () => {
    const graph = new GraphBuilder();
    const fail = () =>
      graph.scope('a', () => {
        throw new Error('no');
      });
    expect(fail).toThrow('no');
    expect(graph.add('Mul', [])).toBe('Mul');
  });

  it('writes control inputs behind the others, by node and once', () => {
    const graph = new GraphBuilder();
    graph.add('Assign', ['x'], {}, { after: ['y:2', 'y', 'z'] });
    expect(graph.nodes[0]?.inputs).toEqual(['x', '^y', '^z']);
  });

  it('makes equal constants one node, told apart by type and shape', () => {
    const graph = new GraphBuilder();
    expect(graph.constant(1)).toBe(graph.constant(1));
    expect(graph.intConstant([1, 2])).toBe(graph.intConstant([1, 2]));
    const all = [
      graph.constant(1),
      graph.constant([1]),
      graph.intConstant(1),
      graph.intConstant([1]),
      graph.intConstant([1, 2]),
      graph.intMatrix([[1, 2]]),
      graph.intMatrix([[1], [2]]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('names outputs as TensorFlow does', () => {
    expect([output('node', 0), output('node', 3)]).toEqual(['node', 'node:3']);
  });
});
