import type { Config } from '../config/load-config.ts';
import { createRedactor } from '../config/redact.ts';
import { createConfluenceSource, type ConfluenceSource } from '../confluence/create-confluence-source.ts';
import { WrongConfiguration } from '../sync/errors.ts';
import type { Log } from '../sync/ambient.ts';
import type { CliContext } from './context.ts';
import { redactSource } from './redact-source.ts';
import { scopeOf } from './scope-of.ts';

/** Makes the source that the configuration describes; opens no connection yet. */
export function openSource(config: Config, log: Log, context: CliContext): ConfluenceSource {
  const { values, credentials, ca } = config;
  if (values.CONFLUENCE_BASE_URL === null) throw new WrongConfiguration('CONFLUENCE_BASE_URL is missing');
  const source = createConfluenceSource(
    {
      baseUrl: values.CONFLUENCE_BASE_URL,
      deployment: values.CONFLUENCE_DEPLOYMENT,
      credentials,
      cloudId: values.CONFLUENCE_CLOUD_ID,
      contentTypes: scopeOf(config).contentTypes,
      archived: values.CONFLUENCE_ARCHIVED,
      concurrency: values.CONFLUENCE_CONCURRENCY,
      timeoutMs: values.CONFLUENCE_TIMEOUT_MS,
      maxBodyBytes: values.CONFLUENCE_MAX_BODY_BYTES,
      ca,
      proxy: values.HTTPS_PROXY,
      noProxy: values.NO_PROXY,
    },
    { clock: context.clock, random: context.random, log },
  );
  return redactSource(source, createRedactor(config.secrets, values.CONFLUENCE_EMAIL));
}
