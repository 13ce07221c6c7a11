/** An edit named a page or space that the site does not have. */
export class UnknownContent extends Error {
  override readonly name = 'UnknownContent';
}
