/**
 * Property tests try the same cases on every run, so that a red test is a change's fault and not the dice's.
 * STOKER_PROPERTY_SEED=random (or a number) looks elsewhere: for exploring, and to repeat a counterexample.
 */
import fc from 'fast-check';

const wanted = process.env.STOKER_PROPERTY_SEED ?? '20261121';

if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted) });
