/** What the dashboard window may ask of the shell. */
import { contextBridge } from 'electron';

contextBridge.exposeInMainWorld('stokerDesktop', {});
