import type { Operation } from '../../shared/operation';
import { guardAccount } from './guardAccount.operation';
import { judgeTorrents } from './judgeTorrents.operation';
import { planSpend } from './planSpend.operation';
import { rankCandidates } from './rankCandidates.operation';
import { recallMemory } from './recallMemory.operation';
import { reconcilePreferences } from './reconcilePreferences.operation';
import { rememberGrabs } from './rememberGrabs.operation';
import { rememberRun } from './rememberRun.operation';
import { reportHistory } from './reportHistory.operation';
import { reportMetrics } from './reportMetrics.operation';
import { summarizeTrackers } from './summarizeTrackers.operation';
import { whatIf } from './whatIf.operation';

/** The operations of the node, sorted by name as the editor shows them. */
export const OPERATIONS: Operation[] = [
	guardAccount,
	judgeTorrents,
	planSpend,
	rankCandidates,
	recallMemory,
	reconcilePreferences,
	rememberGrabs,
	rememberRun,
	reportHistory,
	reportMetrics,
	summarizeTrackers,
	whatIf,
];
