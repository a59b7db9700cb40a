/** The words of the dashboard by language. */
import type { Language } from '../contract/desktop.ts';
import { words as german } from './de/dashboard.ts';
import { type DashboardWords, words as english } from './en/dashboard.ts';

export type { DashboardWords };

const WORDS: Readonly<Record<Language, DashboardWords>> = { en: english, de: german };

export const dashboardWords = (language: Language): DashboardWords => WORDS[language];
