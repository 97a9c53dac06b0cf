import { createRequire } from 'node:module';
import { type Attribute, DATA_TYPE_NUMBERS, type GraphNode, type Shape } from './attributes.ts';

interface Message {
  serializeBinary(): Uint8Array;
}
interface NodeMessage extends Message {
  getAttrMap(): { set(key: string, value: Message): void };
}
type MessageClass<M extends Message = Message> = new () => M;
interface Protocol {
  AttrValue: MessageClass & { ListValue: MessageClass };
  GraphDef: MessageClass;
  MetaGraphDef: MessageClass & { MetaInfoDef: MessageClass };
  NodeDef: MessageClass<NodeMessage>;
  SavedModel: MessageClass;
  Tensor: MessageClass;
  TensorShape: MessageClass & { Dim: MessageClass };
  VersionDef: MessageClass;
}

// Generated code without types and without any native part: tfjs-node reads SavedModels with it, we write them.
const protocol = createRequire(import.meta.url)('@tensorflow/tfjs-node/dist/proto/api_pb.js') as Protocol;

/** Graph version that a current TensorFlow writes; an older number would switch compatibility behaviour on. */
const PRODUCER = 987;
export const SAVED_MODEL_TAG = 'train';

/** Bytes of a `saved_model.pb` that holds one graph under the tag `train`, without signatures or variables. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  const graph = make(protocol.GraphDef, {
    NodeList: nodes.map(encodeNode),
    Versions: make(protocol.VersionDef, { Producer: PRODUCER }),
  });
  const meta = make(protocol.MetaGraphDef, {
    MetaInfoDef: make(protocol.MetaGraphDef.MetaInfoDef, { TagsList: [SAVED_MODEL_TAG] }),
    GraphDef: graph,
  });
  return make(protocol.SavedModel, { SavedModelSchemaVersion: 1, MetaGraphsList: [meta] }).serializeBinary();
}

function make<M extends Message>(MessageType: MessageClass<M>, fields: Record<string, unknown>): M {
  const message = new MessageType();
  const setters = message as unknown as Record<string, (value: unknown) => void>;
  for (const [field, value] of Object.entries(fields)) setters[`set${field}`]?.call(message, value);
  return message;
}

function encodeNode({ op, name, inputs, attributes }: GraphNode): NodeMessage {
  const node = make(protocol.NodeDef, { Op: op, Name: name, InputList: [...inputs] });
  const map = node.getAttrMap();
  for (const [key, attribute] of Object.entries(attributes)) map.set(key, encodeAttribute(attribute));
  return node;
}

function encodeAttribute(attribute: Attribute): Message {
  const value = (fields: Record<string, unknown>) => make(protocol.AttrValue, fields);
  switch (attribute.kind) {
    case 'type':
      return value({ Type: DATA_TYPE_NUMBERS[attribute.value] });
    case 'int':
      return value({ I: attribute.value });
    case 'ints':
      return value({ List: make(protocol.AttrValue.ListValue, { IList: [...attribute.value] }) });
    case 'float':
      return value({ F: attribute.value });
    case 'bool':
      return value({ B: attribute.value });
    case 'text':
      // A bytes field reads a string as base64, and would garble plain text without a word.
      return value({ S: Buffer.from(attribute.value).toString('base64') });
    case 'shape':
      return value({ Shape: encodeShape(attribute.value) });
    case 'tensor':
      return value({
        Tensor: make(protocol.Tensor, {
          Dtype: DATA_TYPE_NUMBERS[attribute.type],
          TensorShape: encodeShape(attribute.shape),
          TensorContent: new Uint8Array(
            attribute.content.buffer,
            attribute.content.byteOffset,
            attribute.content.byteLength,
          ),
        }),
      });
  }
}

const encodeShape = (dimensions: Shape): Message =>
  make(protocol.TensorShape, {
    DimList: dimensions.map((size) => make(protocol.TensorShape.Dim, { Size: size ?? -1 })),
  });
