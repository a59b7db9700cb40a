/** Wires the rooms together: the only file that knows every module. It decides nothing; it says who hears of what. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { GpuSnapshot } from '../contract/gpu.ts';
import type { SettingsPatch } from '../contract/settings.ts';
import type { Status } from '../contract/status.ts';
import { createHappenings } from './api/happenings.ts';
import { createManagerApi } from './api/server.ts';
import { assembleStatus } from './api/status.ts';
import { createComfyClient } from './comfyui/client.ts';
import { createHistoryStore } from './comfyui/history-store.ts';
import { createQueueWatch } from './comfyui/queue-watch.ts';
import { watchComfyVersion } from './comfyui/version-watch.ts';
import { demoSettings } from './demo.ts';
import { createDoctor } from './doctor/doctor.ts';
import { createGatekeeper } from './gateway/gatekeeper.ts';
import { createGateway } from './gateway/gateway.ts';
import { createSocketRelay } from './gateway/websocket.ts';
import { createGpuHistory } from './gpu/history.ts';
import { GPU_HISTORY_MIGRATIONS } from './gpu/history-schema.ts';
import { createMachineSources } from './gpu/machine-sources.ts';
import { createGpuMonitor } from './gpu/monitor.ts';
import { createActivityMeter } from './idle/activity-meter.ts';
import { createIdleWatch } from './idle/idle-watch.ts';
import { createKeepAwakeStore } from './idle/keep-awake-store.ts';
import { systemClock } from './platform/clock.ts';
import { findConfigEnv } from './platform/config-env.ts';
import { prepareDataFolder } from './platform/data-folder.ts';
import { acquireDataLock } from './platform/data-lock.ts';
import { openDatabase } from './platform/database.ts';
import { createListeners } from './platform/listeners.ts';
import { createLog } from './platform/log.ts';
import { createLogDestination } from './platform/log-destination.ts';
import { dataPaths } from './platform/paths.ts';
import { createSettingsStore, type SettingsOverride } from './platform/settings.ts';
import { VERSION } from './platform/version.ts';
import { findInstallations } from './supervisor/installations.ts';
import { createProcesses } from './supervisor/processes.ts';
import { createSupervisor } from './supervisor/supervisor.ts';

export interface EngineOptions {
  readonly demo: boolean;
  /** null: as the settings say; 0: a free one. */
  readonly port: number | null;
  readonly host: string | null;
  readonly dataFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A `config.env` is looked for here too. */
  readonly workingFolder: string;
  /** The build's folder: `renderer/` and `simulator/` lie in it. */
  readonly programFolder: string;
}

export interface Engine {
  /** Base address without a path. */
  readonly url: string;
  /** Stops ComfyUI, answers who waits, and lets go of the data folder. */
  close(): Promise<void>;
}
