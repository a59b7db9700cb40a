/** The levers of the simulator itself: hang, crash, and the restart that ComfyUI-Manager offers. ComfyUI has none of these. */
import type { Crash } from '../process/crash.ts';
import { isCrash } from '../process/crash.ts';
import { empty, type Reply } from './reply.ts';
import type { Route } from './route-table.ts';

export interface SimulationLevers {
  hang(): void;
  crash(how: Crash): void;
  /** Present with --sim-restart-by-exec. Ends this process, so that its caller sees the connection drop. */
  restart?: () => void;
}

export function simulationRoutes(levers: SimulationLevers): Route[] {
  const afterAnswer = (pull: () => void): Reply => ({ ...empty(200), afterwards: pull });
  const routes: Route[] = [
    { method: 'POST', path: '/sim/hang', underApi: false, handle: () => afterAnswer(levers.hang) },
    {
      method: 'POST',
      path: '/sim/crash',
      underApi: false,
      handle: ({ query }) => {
        const how = query.get('how') ?? 'segv';
        return isCrash(how) ? afterAnswer(() => levers.crash(how)) : empty(400);
      },
    },
  ];
  const { restart } = levers;
  if (restart) {
    routes.push({
      method: 'POST',
      path: '/manager/reboot',
      handle: () => {
        restart();
        return empty(200);
      },
    });
  }
  return routes;
}
