import { z } from 'zod';

/** An object of which nothing is believed yet but that it may have these keys; anything else counts as absent. */
export function part<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.object(shape).optional().catch(undefined);
}
