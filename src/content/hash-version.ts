/**
 * The number of the canonical form that `hashBody` hashes. Raise it with every change that gives any body another
 * canonical text; stored hashes of an older number are then made anew from the stored bodies.
 */
export const HASH_VERSION = 1;
