/** Wires the address everybody uses: who is let in, ComfyUI's page and its sockets, and the pass to ComfyUI. Decides nothing, and does not listen yet. */
import { join } from 'node:path';
import type { ManagerApi } from '../api/server.ts';
import { readExtension } from '../comfyui/extension-file.ts';
import { readPreview } from '../comfyui/frames.ts';
import { createGatekeeper, type Gatekeeper } from '../gateway/gatekeeper.ts';
import { createGateway } from '../gateway/gateway.ts';
import { withEntry } from '../gateway/page-script.ts';
import { createSocketRelay } from '../gateway/websocket.ts';
import { createPageStore } from '../page-store/page-store.ts';
import type { Card } from './card.ts';
import type { Ground } from './ground.ts';
import type { Supervised } from './supervised.ts';
import type { Work } from './work.ts';

export type Doorway = ReturnType<typeof wireDoorway>;

export interface DoorwayDeps {
  readonly manager: ManagerApi['handle'];
  /** Somebody was let in. */
  readonly onEntry: () => void;
}

export function wireDoorway(ground: Ground, supervised: Supervised, card: Card, work: Work, deps: DoorwayDeps) {
  const { options, clock, closings, paths, log, settings, happenings } = ground;
  const { supervisor, client, meter, queue } = supervised;
  const { courtesy, guarded } = card;
  const { jobs, livePreviews, promptsHandedOver } = work;
  const door = createGatekeeper({ settings: settings.current, clock });
  const gatekeeper: Gatekeeper = {
    ...door,
    authorize(request, authority) {
      const refusal = door.authorize(request, authority);
      if (refusal === null) deps.onEntry();
      return refusal;
    },
  };
  const relay = createSocketRelay({
    supervisor,
    authorize: gatekeeper.authorize,
    tokenFilter: gatekeeper.tokenFilter,
    queue,
    preview(data) {
      const picture = readPreview(data);
      const promptId = picture?.promptId ?? queue.snapshot().current?.promptId;
      if (picture !== null && promptId !== undefined) livePreviews.show(promptId, picture);
    },
    comfy: client,
    maxSockets: () => settings.current().network.maxSockets,
    clock,
    log: log.child({ room: 'websocket' }),
  });
  closings.push(() => relay.close());

  const pageScript = readExtension(options.programFolder);
  const pageStore = createPageStore({
    folder: join(paths.comfyFolder, 'page'),
    settings: settings.current,
    supervisor,
    webRoot: supervised.webRoot,
    folders: () => ({ input: supervised.inputFolder(), output: supervised.outputFolder() }),
    onRefused({ target }, status) {
      const message = `ComfyUI did not take what its page had saved (${target}): status ${status}.`;
      happenings.add('engine', 'warning', message);
    },
    onCatalogue: supervised.catalogue.hear,
    adaptList: (list) => (pageScript === null ? null : withEntry(list, pageScript.path)) ?? list,
    clock,
    log: log.child({ room: 'page' }),
  });
  closings.push(() => pageStore.close());

  const gateway = createGateway({
    settings: settings.current,
    supervisor: guarded,
    cardLent() {
      const error = courtesy.refusal();
      return error === null ? null : { error, backAt: courtesy.backAt() };
    },
    pageScript,
    pageStore,
    journal: jobs.journal,
    promptsHandedOver,
    meter,
    queue,
    manager: deps.manager,
    sockets: relay,
    gatekeeper,
    clock,
    log: log.child({ room: 'gateway' }),
  });
  return { relay, pageStore, gateway };
}
