/** Puts the engine together, room by room, and starts it in the one right order. How the rooms of one subject hang together is in `wiring/`. */
import { createHappenings } from './api/happenings.ts';
import { systemClock } from './platform/clock.ts';
import { VERSION } from './platform/version.ts';
import { nameHolder } from './port-holder.ts';
import { wireCard } from './wiring/card.ts';
import { type Control, wireControl } from './wiring/control.ts';
import { wireDoorway } from './wiring/doorway.ts';
import { type Closings, closeInTurn, type EngineOptions, openGround } from './wiring/ground.ts';
import { wireHearing } from './wiring/hearing.ts';
import { wireSupervised } from './wiring/supervised.ts';
import { wireWork } from './wiring/work.ts';

export interface Engine {
  /** Base address without a path. */
  readonly url: string;
  /** What was wrong with the settings file or the environment, in words. */
  readonly problems: readonly string[];
  /** Stops ComfyUI, answers who waits, and lets go of the data folder. */
  close(): Promise<void>;
}

/**
 * @throws AppError public_port_taken, data_folder_locked, data_folder_unusable, token_needed_for_address or invalid_settings;
 *         nothing is left running then
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const happenings = createHappenings(systemClock);
  const closings: Closings = [];
  const close = (): Promise<void> => closeInTurn(closings);

  try {
    const ground = await openGround(options, closings, happenings);
    const { log, lock, processes, settings } = ground;
    const problems = settings.answer().problems;
    for (const problem of problems) happenings.add('settings', 'warning', problem);
    for (const notice of settings.notices) happenings.add('settings', 'info', notice);

    // What is wired first asks what is wired later only once everything runs.
    let url = '';
    const supervised = wireSupervised(ground);
    const card = wireCard(ground, supervised, () => work.jobs.journal);
    const work = wireWork(ground, supervised, card, () => doorway.relay.readyBarrier());
    const doorway = wireDoorway(ground, supervised, card, work, {
      manager: (request, response) => control.api.handle(request, response),
      onEntry: () => control.touch(),
    });
    const control: Control = await wireControl(ground, supervised, card, work, doorway, () => url);
    wireHearing(ground, supervised, card, work, doorway, control);

    // Listening first: an engine that cannot listen must not take over, and then end, a ComfyUI that works.
    ({ url } = await doorway.gateway.listen().catch(async (error) => {
      throw await nameHolder(error, processes.table);
    }));
    closings.push(() => doorway.gateway.close());
    await supervised.supervisor.recover();
    card.courtesy.begin();
    work.jobs.queue.start();
    await control.apiPort.adjust();
    lock.updateLock({ url });
    log.info({ url, version: VERSION, demo: options.demo }, 'listening');
    if (settings.current().supervision.startWithEngine) {
      card.guarded
        .ensureRunning('launch')
        .catch((error: unknown) => log.warn({ err: error }, 'start with Stoker failed'));
    }
    return { url, problems, close };
  } catch (error) {
    await close();
    throw error;
  }
}
