import type { Answer } from '../http/answer.ts';
import { isPoisonKind, poisonKinds } from '../poison/poison-kinds.ts';
import { findContent } from '../state/library.ts';
import { restoreBackup } from '../state/restore-backup.ts';
import { choosePages } from './choose-pages.ts';
import { contentIds } from './content-rows.ts';
import type { Fault, Ground } from './fault.ts';
import { nextOf } from './next-link.ts';

const ID = {
  kind: 'text',
  usual: '',
  meaning: 'ids of the pages, parted by `+`; picked by the seed unless told',
} as const;

/** Faults that change the site itself, and stay when they are lifted. */
export const changingFaults = {
  poison: {
    summary: 'some pages are bad, in one of the ways listed as poison',
    parameters: {
      kind: { kind: 'text', usual: 'nul_in_body', meaning: 'the way', choices: Object.keys(poisonKinds) },
      pages: { kind: 'number', usual: '3', meaning: 'how many pages' },
      id: ID,
      bytes: { kind: 'number', usual: '20971520', meaning: 'the size of `huge_body`' },
      depth: { kind: 'number', usual: '50000', meaning: 'how deep the nesting kinds go' },
    },
    before: once((ground) => {
      const { edit, values } = ground;
      const kind = values.text('kind');
      if (!isPoisonKind(kind)) return;
      const options = { bytes: values.number('bytes'), depth: values.number('depth') };
      for (const id of choosePages(ground, values.number('pages'))) edit.poison(id, kind, options);
    }),
  },
  vanishing_page: {
    summary: 'a page goes for good between the list that shows it and the request for its body',
    parameters: { pages: { kind: 'number', usual: '1', meaning: 'how many pages, one in each list' } },
    rewrite: onLists(1, (ids, { edit }) => {
      edit.purge(ids[Math.floor(ids.length / 2)] ?? '');
    }),
  },
  deletion_mid_walk: {
    summary:
      'pages that a list has just shown go into the trash: behind an offset as many others are skipped',
    parameters: { pages: { kind: 'number', usual: '1', meaning: 'how many pages' } },
    rewrite: onLists(2, (ids, { edit }) => {
      edit.trash(ids[0] ?? '');
    }),
  },
  edit_mid_walk: {
    summary: 'a page that a list has just shown is edited',
    parameters: { pages: { kind: 'number', usual: '1', meaning: 'how many pages, one in each list' } },
    rewrite: onLists(1, (ids, { edit }) => {
      edit.edit(ids[Math.floor(ids.length / 2)] ?? '');
    }),
  },
  move_mid_walk: {
    summary: 'the last page of a space moves into another space while the first is being listed',
    parameters: { pages: { kind: 'number', usual: '1', meaning: 'how many pages, one in each list' } },
    rewrite: onLists(1, (ids, { edit, site }) => {
      const spaceIndex = findContent(site.library, ids[0] ?? '')?.spaceIndex ?? 0;
      const other = site.library.spaces.find(
        ({ index, status }) => index !== spaceIndex && status === 'current',
      );
      const [last] = site.library.collections.page.walk({
        spaces: [spaceIndex],
        statuses: ['current'],
        order: 'id',
        descending: true,
        start: { kind: 'first' },
      });
      if (last !== undefined && other !== undefined) edit.moveToSpace(last.id, other.key);
    }),
  },
  inline_comment: {
    summary: 'people comment on words of some pages: another body, the same version',
    parameters: { pages: { kind: 'number', usual: '3', meaning: 'how many pages' }, id: ID },
    before: once((ground) => {
      for (const id of choosePages(ground, ground.values.number('pages'))) ground.edit.markInlineComment(id);
    }),
  },
  version_back: {
    summary: 'some pages go back to an older version',
    parameters: {
      pages: { kind: 'number', usual: '3', meaning: 'how many pages' },
      by: { kind: 'number', usual: '1', meaning: 'how many versions' },
      id: ID,
    },
    before: once((ground) => {
      const { values, edit } = ground;
      for (const id of choosePages(ground, values.number('pages'))) edit.goBack(id, values.number('by'));
    }),
  },
  restored_backup: {
    summary: 'the site is restored from a backup: many versions are lower, and some pages are gone',
    parameters: {
      back: { kind: 'number', usual: '0.5', meaning: 'share of pages that go back a version' },
      gone: { kind: 'number', usual: '0.1', meaning: 'share of pages that are gone' },
    },
    before: once(({ site, edit, values }) => {
      const seed = values.number('fault_seed');
      restoreBackup(site.library, edit, { seed, back: values.number('back'), gone: values.number('gone') });
    }),
  },
} as const satisfies Record<string, Fault>;

/** Does it at the first request only. */
function once(change: (ground: Ground) => void): (ground: Ground) => void {
  return (ground) => {
    const { numbers } = ground.memory;
    if (numbers.has('done')) return;
    numbers.set('done', 1);
    change(ground);
  };
}

/** Does it after a list of pages is made, up to `pages` times; `least` of 2 waits for a list that goes on. */
function onLists(
  least: number,
  change: (ids: readonly string[], ground: Ground) => void,
): (answer: Answer, ground: Ground) => Answer {
  return (answer, ground) => {
    const { call, memory, values } = ground;
    const named = call.query.has('id') || call.query.has('ids');
    const ids = named ? [] : contentIds(answer);
    const done = memory.numbers.get('done') ?? 0;
    if (ids.length === 0 || done >= values.number('pages')) return answer;
    if (least > 1 && nextOf(answer) === null) return answer;
    memory.numbers.set('done', done + 1);
    change(ids, ground);
    return answer;
  };
}
