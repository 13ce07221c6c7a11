/** At least one of something to choose from. */
type Choices = readonly [string, ...string[]];

/** What the invented pages are about. */
export const TOPICS = choices(
  'Billing Onboarding Payroll Search Checkout Warehouse Travel Release Incident Backup Design Hiring Security Office ' +
    'Roadmap Support Invoice Network Metrics Licence',
);

/** What kind of page it is. */
export const KINDS = choices(
  'runbook notes how-to decision policy retrospective checklist overview proposal glossary plan report guide review FAQ',
);

/** The words of the invented text; some carry entities or letters beyond ASCII, as people's text does. */
export const WORDS = choices(
  'the team service customer request before after every change should database must never deploy because window owner ' +
    'agreed on and with without when queue invoice retry limit report page space access token policy draft Zürich café ' +
    'R&amp;D it&rsquo;s 10&nbsp;GB &ldquo;done&rdquo; 5&nbsp;&ndash;&nbsp;7 &lt;host&gt; naïve night restart index ' +
    'alert on-call weekly budget vendor contract review approved',
);

/** Lines for code blocks, where white space and brackets count. */
export const CODE_LINES = choices(
  `for (let i = 0; i < rows.length; i++) {
  if (rows[i] && rows[i].id > last) {
    queue.push(rows[i]);
  }
}
SELECT id, title FROM pages WHERE space = 'ENG';
	kubectl rollout restart deploy/api
# a comment
export PATH="$HOME/bin:$PATH"
<div class="row">&nbsp;</div>
return a[b[0]] ?? null;
`,
  '\n',
);

/** Keys and names of the invented spaces, as `KEY=Name`. */
export const SPACE_NAMES = choices(
  'ENG=Engineering OPS=Operations HR=People FIN=Finance SALES=Sales LEGAL=Legal MKT=Marketing SUP=Support ' +
    'DESIGN=Design SEC=Security DATA=Data QA=Quality IT=Office PM=Products DOCS=Documentation',
);

function choices(text: string, separator = ' '): Choices {
  const [first = '', ...rest] = text.split(separator);
  return [first, ...rest];
}
