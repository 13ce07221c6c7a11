import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';

// A program: own-pooler.ts FOLDER HOST PORT CONNECTIONS. A pooler in transaction mode for machines on which no pgbouncer can be
// had. A client keeps a connection to the server from its first statement to the end of the transaction, and no longer.

const [folder = '', host = '', port = '', connections = ''] = process.argv.slice(2);
const TERMINATE = 'X';

/** A connection to the server that has signed in. */
type Line = { socket: Socket; taker: Client | null; pending: number; split: Split };
type Client = { socket: Socket; line: Line | null; waiting: Buffer[] };
type Pool = { idle: Line[]; open: number; queue: ((line: Line | Error) => void)[] };
type SignIn = Readonly<{ user: string; database: string; password: string }>;
type Split = (data: Buffer) => Buffer[];

const pools = new Map<string, Pool>();

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  serve(socket);
}).listen(0, '127.0.0.1', () => {
  writeFileSync(join(folder, 'pid'), String(process.pid));
  writeFileSync(join(folder, 'port.new'), String((server.address() as AddressInfo).port));
  renameSync(join(folder, 'port.new'), join(folder, 'port'));
});

function serve(socket: Socket): void {
  const client: Client = { socket, line: null, waiting: [] };
  const names = new Map<string, string>();
  let split = splitter(0);
  let handle = (message: Buffer): void => {
    const code = message.readInt32BE(4);
    // Asked for TLS or GSSAPI.
    if (code === 80_877_103 || code === 80_877_104) return void socket.write('N');
    if (code !== 196_608) return void socket.destroy();
    const words = message.toString('utf8', 8).split('\0');
    for (let at = 0; at + 1 < words.length; at += 2) names.set(words[at] ?? '', words[at + 1] ?? '');
    split = splitter(1);
    handle = signIn;
    return void socket.write(answer('R', int32(3)));
  };
  const signIn = (message: Buffer): void => {
    const [user = '', database = user] = [names.get('user'), names.get('database')];
    const who = { user, database, password: message.toString('utf8', 5, message.length - 1) };
    handle = (next) => {
      client.waiting.push(next);
    };
    void welcome(client, who).then((pool) => {
      if (pool === null) return;
      handle = (next) => {
        pass(client, pool, who, next);
      };
    });
  };
  socket.on('data', (data) => {
    // Not all at once: the first message changes how the next is cut.
    for (let rest = split(data); rest.length > 0; rest = rest.slice(1))
      if (rest[0] !== undefined) handle(rest[0]);
  });
  socket.on('close', () => client.line?.socket.destroy());
}

/** Whoever cannot sign in at the server cannot sign in here. */
async function welcome(client: Client, who: SignIn): Promise<Pool | null> {
  const key = JSON.stringify(who);
  const pool = pools.get(key) ?? { idle: [], open: 0, queue: [] };
  pools.set(key, pool);
  const line = await takeLine(pool, who);
  if (line instanceof Error) {
    const code = 'code' in line ? String(line.code) : '08006';
    client.socket.end(answer('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${line.message}\0\0`)));
    return null;
  }
  giveBack(pool, line);
  client.socket.write(
    Buffer.concat([
      answer('R', int32(0)),
      answer('S', Buffer.from('client_encoding\0UTF8\0')),
      // Made up, as poolers do.
      answer('K', Buffer.concat([int32(1), int32(1)])),
      answer('Z', Buffer.from('I')),
    ]),
  );
  return pool;
}

function pass(client: Client, pool: Pool, who: SignIn, message: Buffer): void {
  if (letter(message) === TERMINATE) return void client.socket.destroy();
  if (client.line !== null) {
    send(client.line, message);
    return;
  }
  client.waiting.push(message);
  if (client.waiting.length > 1) return;
  void takeLine(pool, who).then((line) => {
    if (line instanceof Error || client.socket.destroyed) {
      client.socket.destroy();
      if (!(line instanceof Error)) giveBack(pool, line);
      return;
    }
    [client.line, line.taker] = [line, client];
    for (const waiting of client.waiting.splice(0)) send(line, waiting);
  });
}

function send(line: Line, message: Buffer): void {
  if (letter(message) === 'Q' || letter(message) === 'S') line.pending += 1;
  line.socket.write(message);
}

function receive(pool: Pool, line: Line, data: Buffer): void {
  const client = line.taker;
  client?.socket.write(data);
  for (const message of line.split(data)) {
    if (letter(message) !== 'Z') continue;
    line.pending -= 1;
    if (line.pending > 0 || message.toString('latin1', 5) !== 'I' || client === null) continue;
    [client.line, line.taker] = [null, null];
    giveBack(pool, line);
  }
}

async function takeLine(pool: Pool, who: SignIn): Promise<Line | Error> {
  const idle = pool.idle.pop();
  if (idle !== undefined) return idle;
  if (pool.open >= Number(connections)) return await new Promise((resolve) => pool.queue.push(resolve));
  pool.open += 1;
  try {
    return await openLine(pool, who);
  } catch (error) {
    closed(pool, who);
    return error instanceof Error ? error : new Error('unknown');
  }
}

/** Lets the driver sign in, then takes its socket away. */
async function openLine(pool: Pool, who: SignIn): Promise<Line> {
  const client = new pg.Client({ ...who, host, port: Number(port) });
  client.on('error', () => undefined);
  await client.connect();
  const { stream: socket } = (client as unknown as { connection: { stream: Socket } }).connection;
  for (const event of ['data', 'end', 'close', 'error']) socket.removeAllListeners(event);
  const line: Line = { socket, taker: null, pending: 0, split: splitter(1) };
  socket.on('data', (data) => {
    receive(pool, line, data);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    line.taker?.socket.destroy();
    pool.idle = pool.idle.filter((other) => other !== line);
    closed(pool, who);
  });
  return line;
}

function giveBack(pool: Pool, line: Line): void {
  const next = pool.queue.shift();
  if (next === undefined) pool.idle.push(line);
  else next(line);
}

/** Whoever waited for a connection that is gone gets a new one. */
function closed(pool: Pool, who: SignIn): void {
  pool.open -= 1;
  const next = pool.queue.shift();
  if (next !== undefined) void takeLine(pool, who).then(next);
}

function letter(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function answer(kind: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
}

/** Cuts a stream into the protocol's messages; `head` is 0 while they have no letter. */
function splitter(head: 0 | 1): Split {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    const messages: Buffer[] = [];
    rest = Buffer.concat([rest, data]);
    while (rest.length >= head + 4 && rest.length >= head + rest.readInt32BE(head)) {
      const end = head + rest.readInt32BE(head);
      messages.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return messages;
  };
}
