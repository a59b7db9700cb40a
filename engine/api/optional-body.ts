/** Bodies are optional: `curl -X POST …/start` without one means the defaults. */
import { z } from 'zod';

export const optionalBody = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((body) => body ?? {}, schema);
