import { mix } from '../mix.ts';
import type { Ground } from './fault.ts';

/** The pages a fault is about: those its parameter `id` names, parted by `+`, or so many current ones picked by its seed. */
export function choosePages({ site, values, memory }: Ground, count: number): readonly string[] {
  const chosen =
    memory.ids.get('chosen') ??
    named(values.text('id')) ??
    picked(site.library, values.number('fault_seed'), count);
  memory.ids.set('chosen', chosen);
  return chosen;
}

function named(text: string): string[] | null {
  return text === '' ? null : text.split('+');
}

function picked({ collections: { page } }: Ground['site']['library'], seed: number, count: number): string[] {
  const total = page.count(null, ['current']);
  const wanted = Math.min(count, total);
  const first = total === 0 ? 0 : mix(seed) % total;
  return Array.from({ length: wanted }, (_, nth) => {
    const pages = (first + nth * Math.floor(total / wanted)) % total;
    const start = { kind: 'skip', pages } as const;
    const [content] = page.walk({
      spaces: null,
      statuses: ['current'],
      order: 'id',
      descending: false,
      start,
    });
    return content?.id ?? '';
  });
}
