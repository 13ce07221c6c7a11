import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerCloud } from './answer-cloud.ts';
import { answerDataCenter } from './answer-data-center.ts';
import { UNSENDABLE, type Model } from './model.ts';

/** A server for one model after another. */
export type ModelServer = Readonly<{
  origin: string;
  /** Serves this model from now on; `answered` is called after each answer was made and before it is sent. */
  show: (model: Model, answered: (path: string) => void) => void;
  close: () => Promise<void>;
}>;

/** Serves models on loopback. A request that no model answers ends the test with a 501. */
export async function serveModel(): Promise<ModelServer> {
  let shown: { model: Model; answered: (path: string) => void } | null = null;
  const server = http.createServer((message, response) => {
    void text(message).then(() => {
      const { pathname, searchParams: query } = new URL(message.url ?? '/', origin);
      const { status, json } =
        shown === null
          ? nothing(pathname)
          : answer(shown.model, message.method ?? '', pathname, query, origin);
      if (shown !== null) shown.model.now += shown.model.habits.requestMs;
      shown?.answered(pathname);
      const written = JSON.stringify(json);
      const isSent = !written.includes(UNSENDABLE);
      response.writeHead(isSent ? status : 500, { 'content-type': 'application/json' });
      response.end(isSent ? written : '{"message":"Internal server error"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    show: (model, answered) => {
      shown = { model, answered };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(model: Model, method: string, pathname: string, query: URLSearchParams, origin: string) {
  const isCloud = model.habits.deployment === 'cloud';
  const base = isCloud ? `${origin}/wiki` : origin;
  const path = isCloud ? pathname.replace(/^\/wiki/, '') : pathname;
  const found = isCloud
    ? answerCloud(model, { method, path, query }, base)
    : answerDataCenter(model, { method, path, query }, base);
  return found ?? nothing(pathname);
}

function nothing(path: string) {
  return { status: 501, json: { message: `the model has no answer for ${path}` } };
}
