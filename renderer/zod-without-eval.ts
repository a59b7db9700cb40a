/**
 * Tells zod not to compile its schemas with eval, which the page's content security policy forbids (zod would try, and the browser would report it).
 * Must be evaluated before any schema is made: main.tsx imports it first.
 */
import { config } from 'zod';

config({ jitless: true });
