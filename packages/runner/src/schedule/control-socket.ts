import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Control, type ControlCommand, ControlCommandSchema, type ControlReply } from '@l2bn/core/sweep';
import * as v from 'valibot';

/** Longest path that a Unix socket may have, in bytes; macOS allows the least. */
const MAX_SOCKET_PATH = 103;
const MAX_COMMAND_LENGTH = 4096;

/**
 * Where the coordinator of a folder listens: in the folder itself, which says who may talk to it. A path too long for a
 * socket is replaced by one in the temporary folder, named by user and folder.
 */
export function controlAddress(folder: string): string {
  const name = createHash('sha256').update(`${userInfo().uid} ${folder}`).digest('hex').slice(0, 20);
  if (process.platform === 'win32') return `\\\\.\\pipe\\l2bn-${name}`;
  const inside = join(folder, 'control.sock');
  return Buffer.byteLength(inside) <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `l2bn-${name}.sock`);
}

/** Takes commands, a JSON line each, and answers each with a line. Only its user can connect. */
export class ControlSocket {
  private readonly server: Server;
  private readonly address: string;

  private constructor(server: Server, address: string) {
    this.server = server;
    this.address = address;
  }

  /** Whoever holds the folder's writer lock may take a socket over that a killed coordinator has left. */
  static async listen(folder: string, control: Control): Promise<ControlSocket> {
    const address = controlAddress(folder);
    if (process.platform !== 'win32') rmSync(address, { force: true });
    const server = createServer((socket) => serve(socket, control));
    server.listen(address);
    await once(server, 'listening');
    if (process.platform !== 'win32') chmodSync(address, 0o600);
    // It must not keep the process alive after the sweep.
    server.unref();
    return new ControlSocket(server, address);
  }

  /** A folder that has become read-only keeps the socket; whoever comes next takes it over. */
  close(): void {
    this.server.close();
    try {
      if (process.platform !== 'win32') rmSync(this.address, { force: true });
    } catch {
      // It must not keep what is closed after it from being closed: the engine host.
    }
  }
}

function serve(socket: Socket, control: Control): void {
  // A client that goes away in the middle of an answer is no concern of the sweep.
  socket.on('error', () => socket.destroy());
  let received = 0;
  socket.on('data', (part) => {
    received += part.length;
    if (received > MAX_COMMAND_LENGTH) socket.destroy();
  });
  createInterface({ input: socket }).on('line', (line) => {
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

/** Asks the coordinator of a folder; undefined when there is none. */
export async function askCoordinator(folder: string, command: ControlCommand): Promise<ControlReply | undefined> {
  const socket = connect(controlAddress(folder));
  try {
    await once(socket, 'connect');
  } catch {
    return undefined;
  }
  socket.write(`${JSON.stringify(command)}\n`);
  let text = '';
  for await (const part of socket.setEncoding('utf8')) text += part;
  return text === '' ? undefined : (JSON.parse(text) as ControlReply);
}
