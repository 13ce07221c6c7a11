/** What one Data Center server was found to be able to do; versions differ, and nothing tells but trying. */
export type Abilities = {
  /** Listing by cursor: 7.18 and newer. */
  scan: 'unknown' | 'works' | 'absent';
  /** Fetching a list of ids: only the newest do, older ones pass over the parameter. */
  bulk: 'unknown' | 'absent';
  /** Listing archived pages by scan: only servers that know archived pages. */
  archived: 'unknown' | 'works' | 'absent';
};
