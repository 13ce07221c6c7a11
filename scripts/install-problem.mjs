/** Why the dependencies cannot be installed, with what to do now. */
export class InstallProblem extends Error {
  name = 'InstallProblem';
}
