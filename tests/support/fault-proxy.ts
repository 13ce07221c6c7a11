import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What becomes of a statement and of its connection. `lose_answer`: the server carries it out, the client gets a reset
 * instead of the answer; a number: it gets so many bytes of the answer before. `hang`: the server carries it out, and from
 * then on nothing passes in either direction and nothing is closed. `hold_answer`: the answer is kept until the server ends
 * the connection, and arrives together with its last words.
 */
export type Fate = 'pass' | 'reset' | 'lose_answer' | 'hang' | 'hold_answer' | number;

/** A connection as the proxy sees it. */
export type Session = {
  /** Of the server's process behind it. */
  pid: number;
  /** The statements since the last `begin`, that one included. */
  transaction: string[];
};

/** A door in front of PostgreSQL, whose fields a test changes while it is in use. */
export type FaultProxy = {
  readonly url: string;
  /** Where new connections lead. */
  targetPort: number;
  /** What becomes of new connections: `silent` ones are accepted and never answered. */
  arrivals: 'pass' | 'reset' | 'silent';
  /** Asked before each statement goes on; may take its time. */
  judge: (statement: string, session: Session) => Fate | Promise<Fate>;
  /** The statement that the server gets instead. */
  rewrite: (statement: string) => string;
  /** Resets every connection. */
  cutAll: () => void;
  close: () => Promise<void>;
};

/** Listens on loopback before the database at `databaseUrl`; lets everything pass until told otherwise. */
export async function startFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  const url = new URL(databaseUrl);
  const [clients, beyond] = [new Set<Socket>(), new Set<Socket>()];
  const server = createServer((client) => {
    keepIn(clients, client);
    if (proxy.arrivals === 'reset') client.resetAndDestroy();
    if (proxy.arrivals === 'pass')
      relay(client, keepIn(beyond, connect(proxy.targetPort, '127.0.0.1')), proxy);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const targetPort = Number(url.port);
  url.port = String((server.address() as AddressInfo).port);
  const cutAll = (): void => {
    for (const client of clients) client.resetAndDestroy();
  };
  const close = async (): Promise<void> => {
    cutAll();
    for (const socket of beyond) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const proxy: FaultProxy = {
    ...{ url: url.href, targetPort, cutAll, close },
    arrivals: 'pass',
    judge: () => 'pass',
    rewrite: (statement) => statement,
  };
  return proxy;
}

function keepIn(sockets: Set<Socket>, socket: Socket): Socket {
  sockets.add(socket);
  return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
}

function relay(client: Socket, server: Socket, proxy: FaultProxy): void {
  const session: Session = { pid: 0, transaction: [] };
  const [split, cut] = [splitter(true), splitter(false)];
  let fate: Fate = 'pass';
  let isDeaf = false;
  let answer: Buffer[] = [];
  let turn = Promise.resolve();
  const send = async (message: Buffer): Promise<void> => {
    const statement = statementIn(message);
    if (statement === null) {
      if (!isDeaf) server.write(message);
      // What belongs to the statement before it still arrives, or the server would not carry it out.
      isDeaf ||= fate === 'hang' && letter(message) === 'S';
      return;
    }
    if (statement.startsWith('begin')) session.transaction = [];
    session.transaction.push(statement);
    if (isDeaf) return;
    fate = await proxy.judge(statement, session);
    if (fate === 'reset') client.resetAndDestroy();
    else server.write(withStatement(message, proxy.rewrite(statement)));
    isDeaf = fate === 'hang' && letter(message) === 'Q';
  };
  const receive = (message: Buffer): void => {
    if (letter(message) === 'K') session.pid = message.readInt32BE(5);
    if (fate === 'pass') return void client.write(message);
    if (fate === 'hang') return;
    answer.push(message);
    if (letter(message) !== 'Z' || fate === 'hold_answer') return;
    client.write(Buffer.concat(answer).subarray(0, typeof fate === 'number' ? fate : 0), () =>
      client.resetAndDestroy(),
    );
  };
  client.on('data', (data) => {
    for (const message of split(data)) turn = turn.then(() => send(message));
  });
  server.on('data', (data) => {
    for (const message of cut(data)) receive(message);
  });
  client.on('close', () => {
    if (fate !== 'hang') server.destroy();
  });
  server.on('close', () => {
    if (fate === 'hold_answer') client.end(Buffer.concat(answer));
    else if (fate !== 'hang') client.resetAndDestroy();
    answer = [];
  });
}

function letter(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

/** Cuts a stream into the protocol's messages; a client's first one has no letter. */
function splitter(isClient: boolean): (data: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = isClient;
  return (data) => {
    const messages: Buffer[] = [];
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const head = isFirst ? 0 : 1;
      if (rest.length < head + 4) return messages;
      const end = head + rest.readInt32BE(head);
      if (rest.length < end) return messages;
      messages.push(rest.subarray(0, end));
      rest = rest.subarray(end);
      isFirst = false;
    }
  };
}

/** The text of a simple query, or of a statement to parse. */
function statementIn(message: Buffer): string | null {
  if (letter(message) === 'Q') return message.toString('utf8', 5, message.length - 1);
  if (letter(message) !== 'P') return null;
  const start = message.indexOf(0, 5) + 1;
  return message.toString('utf8', start, message.indexOf(0, start));
}

function withStatement(message: Buffer, statement: string): Buffer {
  const start = letter(message) === 'Q' ? 5 : message.indexOf(0, 5) + 1;
  const parts = [
    message.subarray(0, start),
    Buffer.from(statement),
    message.subarray(message.indexOf(0, start)),
  ];
  const changed = Buffer.concat(parts);
  changed.writeInt32BE(changed.length - 1, 1);
  return changed;
}
