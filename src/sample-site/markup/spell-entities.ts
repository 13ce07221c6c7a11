/** Characters that editors write as themselves, by name, or by number. */
const SPELLINGS: readonly (readonly [string, string, string])[] = [
  ['\u00a0', '&nbsp;', '&#160;'],
  ['\u2019', '&rsquo;', '&#8217;'],
  ['\u201c', '&ldquo;', '&#8220;'],
  ['\u201d', '&rdquo;', '&#x201D;'],
  ['\u2013', '&ndash;', '&#8211;'],
  ['\u2014', '&mdash;', '&#8212;'],
  ['\u2026', '&hellip;', '&#8230;'],
  ['é', '&eacute;', '&#233;'],
  ['ü', '&uuml;', '&#xFC;'],
  ['ö', '&ouml;', '&#246;'],
  ['ä', '&auml;', '&#228;'],
  ['ï', '&iuml;', '&#239;'],
  ['€', '&euro;', '&#8364;'],
];

/** Spells the same characters of a text another way in each round. */
export function spellEntities(text: string, round: number): string {
  return SPELLINGS.reduce((spelled, spellings) => {
    const wanted = spellings[round % spellings.length] ?? spellings[0];
    return spellings.reduce(
      (so, spelling) => (spelling === wanted ? so : so.replaceAll(spelling, wanted)),
      spelled,
    );
  }, text);
}
