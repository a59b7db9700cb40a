#!/usr/bin/env node
/** Entry of `stoker`. */
import { resolve } from 'node:path';
import { version } from '../package.json';
import { createProgram, runProgram } from './program.ts';

await runProgram(createProgram({ version, programFolder: resolve(import.meta.dirname, '..') }), process.argv.slice(2));
