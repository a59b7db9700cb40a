/** The routes about work, the same at two places: below `/manager/v1` of the gateway, and below `/v1` of the API port. */
import type { FastifyInstance } from 'fastify';
import { type JobRooms, registerJobs } from './jobs.ts';
import { registerTargets } from './targets.ts';

export function registerWork(app: FastifyInstance, rooms: JobRooms): void {
  registerJobs(app, rooms);
  registerTargets(app, rooms);
}
