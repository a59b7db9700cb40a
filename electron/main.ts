/** Entry of the desktop shell. */
import { app } from 'electron';

app.whenReady().then(() => app.quit());
