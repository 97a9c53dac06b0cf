import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { bool, float, type GraphNode, int, ints, shape, text, type } from './attributes.ts';
import { encodeSavedModel } from './encode.ts';

interface Decoded {
  SavedModel: { deserializeBinary(bytes: Uint8Array): { toObject(): Record<string, unknown> } };
}
const protocol = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as Decoded;

const content = Float32Array.of(1.5, -2);
const NODE: GraphNode = {
  op: 'Op',
  name: 'node',
  inputs: ['a', '^b'],
  attributes: {
    type: type('float32'),
    int: int(-3),
    ints: ints([1, 2]),
    float: float(0.5),
    bool: bool(true),
    text: text('SAME'),
    shape: shape([null, 4]),
    tensor: { kind: 'tensor', type: 'float32', shape: [2], content },
  },
};

it('writes what the reader of tfjs-node reads back', () => {
  const saved = protocol.SavedModel.deserializeBinary(encodeSavedModel([NODE])).toObject() as {
    metaGraphsList: [{ metaInfoDef: { tagsList: string[] }; graphDef: { nodeList: [Record<string, unknown>] } }];
  };
  const [meta] = saved.metaGraphsList;
  const [node] = meta.graphDef.nodeList;
  expect(meta.metaInfoDef.tagsList).toEqual(['train']);
  expect(node).toMatchObject({ op: 'Op', name: 'node', inputList: ['a', '^b'] });
  const attributes = Object.fromEntries(node.attrMap as [string, Record<string, unknown>][]);
  expect(attributes.type).toMatchObject({ type: 1 });
  expect(attributes.int).toMatchObject({ i: -3 });
  expect(attributes.ints).toMatchObject({ list: { iList: [1, 2] } });
  expect(attributes.float).toMatchObject({ f: 0.5 });
  expect(attributes.bool).toMatchObject({ b: true });
  expect(Buffer.from(attributes.text?.s as string, 'base64').toString()).toBe('SAME');
  expect(attributes.shape).toMatchObject({ shape: { dimList: [{ size: -1 }, { size: 4 }] } });
  const { tensorContent } = (attributes.tensor as { tensor: { tensorContent: string } }).tensor;
  expect(new Float32Array(Uint8Array.from(Buffer.from(tensorContent, 'base64')).buffer)).toEqual(content);
});
