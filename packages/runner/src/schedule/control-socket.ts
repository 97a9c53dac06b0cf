import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Control, type ControlCommand, ControlCommandSchema, type ControlReply } from '@l2bn/core/sweep';
import * as v from 'valibot';
import {
  controlAddresses,
  isOutside,
  isTrusted,
  makePrivateFolder,
  readRecord,
  realFolder,
  removeRecord,
  writeRecord,
} from './control-address.ts';

const MAX_COMMAND_LENGTH = 4096;
/** Time that a client gets to say what it wants, in ms. */
const PATIENCE_MS = 10_000;

/** Takes a command, a JSON line, from each client and answers with a line. Only its user can connect. */
export class ControlSocket {
  private readonly server: Server;
  private readonly address: string;
  private readonly folder: string;
  private readonly clients = new Set<Socket>();

  private constructor(server: Server, address: string, folder: string) {
    this.server = server;
    this.address = address;
    this.folder = folder;
    writeRecord(folder, { pid: process.pid, address });
    // Such as too many open files on accept: that command is lost, not the sweep.
    server.on('error', () => {});
    server.on('connection', (client) => {
      this.clients.add(client);
      client.once('close', () => this.clients.delete(client));
    });
    // It must not keep the process alive after the sweep.
    server.unref();
  }

  /** Whoever holds the folder's writer lock may take a socket over that a killed coordinator has left. */
  static async listen(named: string, control: Control): Promise<ControlSocket> {
    const folder = realFolder(named);
    const [address, ...others] = controlAddresses(folder);
    let lastError: unknown;
    for (const each of [address!, ...others]) {
      try {
        if (process.platform !== 'win32' && isOutside(each, folder)) makePrivateFolder(each);
        return new ControlSocket(await bind(each, control), each, folder);
      } catch (error) {
        lastError = error;
      }
    }
    throw lastError;
  }

  /** A folder that has become read-only keeps the socket; whoever comes next takes it over. */
  close(): void {
    this.server.close();
    for (const client of this.clients) client.destroy();
    try {
      if (process.platform !== 'win32') rmSync(this.address, { force: true });
      removeRecord(this.folder);
    } catch {
      // It must not keep what is closed after it from being closed: the engine host.
    }
  }
}

async function bind(address: string, control: Control): Promise<Server> {
  const server = createServer((socket) => serve(socket, control));
  if (process.platform === 'win32') {
    server.listen(address);
  } else {
    rmSync(address, { force: true });
    // The socket is made in the call, so nobody else can connect before its mode is set.
    const before = process.umask(0o177);
    server.listen(address);
    process.umask(before);
  }
  await once(server, 'listening');
  return server;
}

function serve(socket: Socket, control: Control): void {
  // One that waits for nothing must not keep the process alive, nor its place for ever.
  socket.unref();
  socket.setTimeout(PATIENCE_MS, () => socket.destroy());
  // A client that goes away in the middle of an answer is no concern of the sweep.
  socket.on('error', () => socket.destroy());
  let received = 0;
  socket.on('data', (part) => {
    received += part.length;
    if (received > MAX_COMMAND_LENGTH) socket.destroy();
  });
  createInterface({ input: socket }).once('line', (line) => {
    socket.end(`${JSON.stringify(answer(line, control))}\n`);
  });
}

function answer(line: string, control: Control): ControlReply {
  try {
    return control(v.parse(ControlCommandSchema, JSON.parse(line)));
  } catch (error) {
    return { ok: false, text: `not a command: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Asks the coordinator of a folder; undefined when there is none, or when it dies before it answers. One that stands still
 * (Ctrl-Z, SIGSTOP) is not waited for.
 *
 * @param patience How long an answer is waited for, in ms.
 */
export async function askCoordinator(
  named: string,
  command: ControlCommand,
  patience = PATIENCE_MS,
): Promise<ControlReply | undefined> {
  const folder = realFolder(named);
  const record = readRecord(folder);
  const addresses = [...(record === undefined ? [] : [record.address]), ...controlAddresses(folder)];
  const socket = await connectTo([...new Set(addresses)].filter((address) => isTrusted(address, folder)));
  if (socket === undefined) return undefined;
  let isSilent = false;
  socket.setTimeout(patience, () => {
    isSilent = true;
    socket.destroy();
  });
  const text = await answerOf(socket, command);
  if (isSilent) return { ok: false, text: `the sweep does not answer (pid ${record?.pid ?? 'unknown'})` };
  return text === undefined ? undefined : (JSON.parse(text) as ControlReply);
}

/** The whole line; undefined for one that is cut off. */
async function answerOf(socket: Socket, command: ControlCommand): Promise<string | undefined> {
  let text = '';
  try {
    socket.write(`${JSON.stringify(command)}\n`);
    for await (const part of socket.setEncoding('utf8')) text += part;
  } catch {
    // It has been killed (ECONNRESET, EPIPE), or is not waited for any longer.
  }
  return text.endsWith('\n') ? text : undefined;
}

/** To the first address at which somebody listens. */
async function connectTo(addresses: readonly string[]): Promise<Socket | undefined> {
  for (const address of addresses) {
    const socket = connect(address);
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      // Nobody there.
    }
  }
  return undefined;
}
