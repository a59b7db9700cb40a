/** The one extension the simulator brings: it says on the page, through the extension interface, what this is. */
import { app } from '../../scripts/app.js';

app.registerExtension({ name: 'Simulator.About', topbarBadges: [{ text: 'no GPU needed' }] });
