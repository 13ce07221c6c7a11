import { createConfluenceSource } from '../../src/confluence/create-confluence-source.ts';
import { createSampleSite } from '../../src/sample-site/create-sample-site.ts';
import { quietLog, realClock } from '../support/test-clock.ts';
import { describePageSource, type SourceUnderTest } from './page-source.ts';

describePageSource('Confluence on a sample Cloud', (pages) => onSampleSite('cloud', pages, ''));
describePageSource('Confluence on a sample Data Center', (pages) =>
  onSampleSite('datacenter', pages, '/confluence'),
);

async function onSampleSite(
  deployment: 'cloud' | 'datacenter',
  pages: number,
  contextPath: string,
): Promise<SourceUnderTest> {
  const site = createSampleSite({ deployment, pages, contextPath, spaces: 3, seed: 5, clock: realClock });
  const { url } = await site.listen(0);
  const source = createConfluenceSource(
    {
      baseUrl: url,
      deployment: 'auto',
      credentials: { kind: 'basic', user: 'ada', secret: 'token' },
      cloudId: null,
      contentTypes: ['page'],
      archived: 'include',
      concurrency: 4,
      timeoutMs: 10_000,
      maxBodyBytes: 50_000_000,
      ca: null,
      proxy: null,
      noProxy: null,
    },
    { clock: realClock, random: () => 0.5, log: quietLog },
  );
  return {
    source,
    edit: site.edit,
    close: async () => {
      source.close();
      await site.close();
    },
  };
}
