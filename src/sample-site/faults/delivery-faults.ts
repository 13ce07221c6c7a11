import { gzipSync } from 'node:zlib';
import type { Delivery } from '../http/delivery.ts';
import type { Fault } from './fault.ts';

/** Faults in how the bytes of an answer arrive. */
export const deliveryFaults = {
  reset_mid_body: {
    summary: 'the connection is reset within the body',
    parameters: { bytes: { kind: 'number', usual: '100', meaning: 'bytes of the body sent before' } },
    deliver: async (delivery, values) => {
      const { outgoing, bytes } = delivery;
      writeHead(delivery, { 'content-length': String(bytes.length) });
      await written(delivery, bytes.subarray(0, Math.min(bytes.length - 1, values.number('bytes'))));
      outgoing.socket?.resetAndDestroy();
    },
  },
  short_body: {
    summary: 'the connection closes before as many bytes came as were announced',
    parameters: { bytes: { kind: 'number', usual: '100', meaning: 'bytes of the body sent' } },
    deliver: async (delivery, values) => {
      const { outgoing, bytes } = delivery;
      writeHead(delivery, { 'content-length': String(bytes.length) });
      await written(delivery, bytes.subarray(0, Math.min(bytes.length - 1, values.number('bytes'))));
      outgoing.socket?.end();
    },
  },
  truncated_json: {
    summary: 'the body ends early, and cleanly',
    parameters: { bytes: { kind: 'number', usual: '100', meaning: 'bytes of the body sent' } },
    deliver: async (delivery, values) => {
      writeHead(delivery, {});
      await written(delivery, delivery.bytes.subarray(0, values.number('bytes')));
      delivery.outgoing.end();
    },
  },
  slow_body: {
    summary: 'the body arrives drop by drop',
    parameters: {
      chunk: { kind: 'number', usual: '1', meaning: 'bytes at a time' },
      interval_ms: { kind: 'number', usual: '100', meaning: 'milliseconds between them' },
    },
    deliver: async (delivery, values) => {
      const { bytes, outgoing, clock, signal } = delivery;
      const chunk = Math.max(1, values.number('chunk'));
      writeHead(delivery, { 'content-length': String(bytes.length) });
      for (let at = 0; at < bytes.length && !signal.aborted; at += chunk) {
        await written(delivery, bytes.subarray(at, at + chunk));
        await clock.sleep(values.number('interval_ms'), signal).catch(() => undefined);
      }
      outgoing.end();
    },
  },
  slow_answer: {
    summary: 'a while passes before the answer',
    parameters: { delay_ms: { kind: 'number', usual: '1000', meaning: 'milliseconds' } },
    deliver: async (delivery, values) => {
      await delivery.clock.sleep(values.number('delay_ms'), delivery.signal).catch(() => undefined);
      writeHead(delivery, { 'content-length': String(delivery.bytes.length) });
      delivery.outgoing.end(delivery.bytes);
    },
  },
  hang: {
    summary: 'the request is taken and never answered',
    parameters: {},
    deliver: ({ signal }) => aborted(signal),
  },
  huge_answer: {
    summary: 'a JSON answer far larger than any page',
    parameters: {
      bytes: { kind: 'number', usual: '62914560', meaning: 'bytes before compression' },
      gzip: { kind: 'text', usual: 'false', meaning: '`true` sends it compressed to almost nothing' },
    },
    deliver: async (delivery, values) => {
      const json = Buffer.from(`{"results":[{"title":"${'x'.repeat(values.number('bytes'))}"}]}`);
      const packed = values.text('gzip') === 'true';
      writeHead(delivery, packed ? { 'content-encoding': 'gzip' } : {});
      await written(delivery, packed ? gzipSync(json) : json);
      delivery.outgoing.end();
    },
  },
  gzip: {
    summary: 'the answer comes compressed',
    parameters: {},
    deliver: async (delivery) => {
      writeHead(delivery, { 'content-encoding': 'gzip' });
      await written(delivery, gzipSync(delivery.bytes));
      delivery.outgoing.end();
    },
  },
  decompression_bomb: {
    summary: 'an answer that is small on the wire and enormous once unpacked',
    parameters: { bytes: { kind: 'number', usual: '209715200', meaning: 'bytes once unpacked' } },
    deliver: async (delivery, values) => {
      writeHead(delivery, { 'content-encoding': 'gzip' });
      await written(delivery, bombOf(values.number('bytes')));
      delivery.outgoing.end();
    },
  },
  chained_encodings: {
    summary: 'an answer packed again and again',
    parameters: { links: { kind: 'number', usual: '1000', meaning: 'how many times' } },
    deliver: async (delivery, values) => {
      const links = values.number('links');
      let { bytes } = delivery;
      for (let link = 0; link < links; link++) bytes = gzipSync(bytes, { level: 1 });
      writeHead(delivery, { 'content-encoding': Array.from({ length: links }, () => 'gzip').join(', ') });
      await written(delivery, bytes);
      delivery.outgoing.end();
    },
  },
  invalid_utf8: {
    summary: 'a byte in the middle of the body that no UTF-8 has',
    parameters: {},
    deliver: async (delivery) => {
      const at = Math.floor(delivery.bytes.length / 2);
      const { bytes } = delivery;
      writeHead(delivery, {});
      await written(
        delivery,
        Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 1)]),
      );
      delivery.outgoing.end();
    },
  },
} as const satisfies Record<string, Fault>;

function writeHead({ outgoing, status, headers }: Delivery, more: Readonly<Record<string, string>>): void {
  outgoing.writeHead(status, { ...headers, ...more });
}

/** Resolves when the bytes are on their way, or the client is gone. */
function written({ outgoing, signal }: Delivery, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done);
    outgoing.write(bytes, done);
    if (signal.aborted) done();
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}

const MEGABYTE = 1_048_576;

/** Packed JSON of this size: the parts are packed apart, so that nobody has to hold the whole. */
function bombOf(bytes: number): Buffer {
  const megabyte = gzipSync(Buffer.alloc(MEGABYTE, 'x'));
  const filling = Array.from({ length: Math.ceil(bytes / MEGABYTE) }, () => megabyte);
  return Buffer.concat([gzipSync('{"results":[{"title":"'), ...filling, gzipSync('"}]}')]);
}
