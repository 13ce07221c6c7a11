import { z } from 'zod';

const LONGEST = 255;

/**
 * The key of a space. What could stand in no address, setting or database is none: control characters, half a surrogate pair,
 * and the sign for bytes that were lost on the way.
 */
export const spaceKey = z
  .string()
  .min(1)
  .max(LONGEST)
  .refine((key) => key.isWellFormed() && !/[\p{Cc}\uFFFD]/u.test(key));
