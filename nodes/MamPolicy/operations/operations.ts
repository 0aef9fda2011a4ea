import type { Operation } from '../../shared/operation';
import { guardAccount } from './guardAccount.operation';
import { judgeTorrents } from './judgeTorrents.operation';
import { planSpend } from './planSpend.operation';
import { rankCandidates } from './rankCandidates.operation';
import { reconcilePreferences } from './reconcilePreferences.operation';
import { rememberGrabs } from './rememberGrabs.operation';
import { rememberPush } from './rememberPush.operation';
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
	reconcilePreferences,
	rememberGrabs,
	rememberPush,
	reportHistory,
	reportMetrics,
	summarizeTrackers,
	whatIf,
];
