import type { Deployment } from '../../../src/sample-site/sample-site.ts';

/**
 * A way in which a site says what is not so. `is`: faults of the sample site, in force together. `tells`: the run must say that
 * something is amiss, for stored pages are out of its sight; without it the run may find out the truth by itself. `accepts`: the site
 * itself lost so much meanwhile that a person has to agree.
 */
export type Lie = Readonly<{
  is: readonly string[];
  on: readonly Deployment[];
  tells: boolean;
  accepts: boolean;
}>;

const BOTH = ['cloud', 'datacenter'] as const;

/** Pages are out of sight, and nothing that Confluence says later brings them back. */
const hidden = (is: string, on: readonly Deployment[] = BOTH): Lie => ({
  ...{ is: is.split(' '), on, tells: true, accepts: false },
});
/** What a list does not show, or shows wrongly, is found out by asking for it. */
const passing = (is: string, on: readonly Deployment[] = BOTH): Lie => ({ ...hidden(is, on), tells: false });

/** Every lie that a mirror has to live through without losing a live page. */
export const LIES: readonly Lie[] = [
  // Empty.
  hidden('empty_listing'),
  hidden('empty_listing shrunk_listing:share=1,by_id=gone'),
  hidden('mistyped_json:shape=rows'),
  // Half, or nearly all, is gone.
  passing('shrunk_listing:share=0.5'),
  hidden('shrunk_listing:share=0.75,by_id=gone'),
  passing('shrunk_listing:share=0.9'),
  hidden('shrunk_listing:share=0.9,by_id=gone'),
  hidden('shrunk_listing:share=0.9 not_found_storm:path=/content/', ['datacenter']),
  // Somebody else is served.
  hidden('anonymous'),
  hidden('anonymous:sees=nothing'),
  hidden('seraph_failed', ['datacenter']),
  hidden('identity_changes:after=4 shrunk_listing:share=0.2,by_id=gone'),
  hidden('revoked:after=6'),
  hidden('login_page:after=6'),
  // A space is not to be seen.
  hidden('forbidden_space'),
  hidden('space_refused'),
  // Fewer rows than asked for, or no word of the next ones.
  passing('capped_limit:limit=2'),
  passing('capped_limit:limit=3,wrong_start=true', ['datacenter']),
  passing('listing_cut'),
  hidden('listing_cut shrunk_listing:share=0.8,by_id=gone'),
  // Trouble with cursors.
  passing('cursor_loop'),
  passing('cursor_circle'),
  passing('repeated_page'),
  passing('empty_page_with_next:probability=0.5'),
  passing('duplicate_row stale_duplicate'),
  passing('offset_drift', ['datacenter']),
  passing('offset_drift:rows=-3', ['datacenter']),
  // Pages cross the border of a list while it is read.
  { ...passing('deletion_mid_walk:pages=3'), accepts: true },
  passing('move_mid_walk:pages=3'),
  { ...passing('vanishing_page:pages=2'), accepts: true },
  passing('edit_mid_walk:pages=3'),
  // A backup.
  { ...passing('restored_backup:back=0.5,gone=0.1'), accepts: true },
  { ...passing('restored_backup:back=0.2,gone=0.6'), accepts: true },
  passing('version_back:pages=10,by=2'),
  // 404 for what is there.
  hidden('not_found_storm'),
  hidden('not_found_storm:cloudfront=true'),
  passing('not_found_storm:probability=0.3'),
  passing('sporadic_404:probability=0.3'),
  passing('sporadic_403:probability=0.3'),
  hidden('shrunk_listing:share=0.4 not_found_storm:path=/pages/', ['cloud']),
];
