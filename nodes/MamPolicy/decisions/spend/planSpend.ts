import { POINTS_PER_VIP_WEEK } from '../../../shared/site';
import type { ByHand, Decision, PolicyResult, SpendNumbers } from '../../types';
import { decimal, GIB, gib, ratioText } from '../format';
import { byHand, byHandSentence } from './byHand';
import type { SpendParameters } from './parameters';
import { isAccount } from '../records';
import {
	decideOne,
	hold,
	holdAll,
	NO_DATA,
	noData,
	policyResult,
	type Evaluation,
} from '../result';
import type { AccountRecord } from '../../../shared/records';
import type { FailureFacts } from '../../../shared/types';

const DAY_MS = 86_400_000;

/** The site sells VIP to these classes only. */
const VIP_CLASSES = ['vip', 'power user'];

/** The site allows at most about 90 days in advance, and an automated purchase must add 7 or more. */
const MAX_VIP_DAYS = 90;
const MAX_DAYS_LEFT = 83;

/** What the site's store sells to a person: weeks of VIP. */
const STORE_WEEKS = [4, 8, 12];

interface Purchase {
	purchase: 'upload' | 'vip';
	amountGiB?: number;
	costPoints: number;
}

interface Plan {
	decision: Decision;
	purchase?: Purchase;
	byHand?: ByHand;
}

interface Figures {
	deficitBytes: number;
	neededGiB: number;
	affordableGiB: number;
	missingPoints: number;
}

function computeFigures(account: AccountRecord, parameters: SpendParameters): Figures {
	const { targetRatio, reservePoints, pointsPerGiB, tiersGiB } = parameters;
	const deficitBytes = Math.max(0, account.downloadedBytes * targetRatio - account.uploadedBytes);
	const spendable = account.bonusPoints - reservePoints;
	return {
		deficitBytes,
		// One more than the gap, so that the ratio ends above its target and not on it.
		neededGiB: deficitBytes > 0 ? Math.ceil(deficitBytes / GIB) + 1 : 0,
		affordableGiB: Math.max(0, Math.floor(spendable / pointsPerGiB)),
		missingPoints: Math.max(0, Math.ceil(tiersGiB[0] * pointsPerGiB - spendable)),
	};
}

function uploadPlan(
	reason: 'deficit' | 'cap_loss',
	amountGiB: number,
	why: string,
	parameters: SpendParameters,
): Plan {
	const costPoints = amountGiB * parameters.pointsPerGiB;
	return {
		decision: {
			verdict: 'act',
			reason,
			detail: `${why}: buy ${amountGiB} GiB for ${costPoints} points.`,
		},
		purchase: { purchase: 'upload', amountGiB, costPoints },
	};
}

function planDeficit(figures: Figures, account: AccountRecord, parameters: SpendParameters): Plan {
	const { deficitBytes, neededGiB, affordableGiB, missingPoints } = figures;
	const affordable = parameters.tiersGiB.filter((tier) => tier <= affordableGiB);
	const tier = affordable.find((amount) => amount >= neededGiB) ?? affordable.at(-1);
	if (tier === undefined) {
		const cost = parameters.tiersGiB[0] * parameters.pointsPerGiB;
		const advice = byHand(account, parameters);
		return {
			decision: hold(
				'cannot_afford',
				[
					`${missingPoints} more points are needed: the balance is ${Math.floor(account.bonusPoints)}, the smallest tier of ${parameters.tiersGiB[0]} GiB costs ${cost} plus the reserve of ${parameters.reservePoints}.`,
					...(advice === undefined ? [] : [byHandSentence(advice, parameters)]),
				].join(' '),
			),
			byHand: advice,
		};
	}
	return uploadPlan(
		'deficit',
		tier,
		`${gib(deficitBytes)} more upload is needed for a ratio of ${decimal(parameters.targetRatio)}`,
		parameters,
	);
}

/** Days of VIP that are left; null when the site does not say when it ends. */
function vipDaysLeft({ className, vipUntil }: AccountRecord, now: Date): number | null {
	if (vipUntil === null) return className.toLowerCase() === 'vip' ? null : 0;
	const left = Date.parse(vipUntil) - now.getTime();
	return Number.isNaN(left) ? null : Math.max(0, left / DAY_MS);
}

/** Which VIP a person can buy in the site's store, before it ends; empty when none is affordable. */
function vipByHand({ bonusPoints }: AccountRecord, { reservePoints }: SpendParameters): string {
	const weeks = STORE_WEEKS.filter(
		(amount) => amount * POINTS_PER_VIP_WEEK + reservePoints <= bonusPoints,
	).at(-1);
	return weeks === undefined
		? ''
		: ` Or buy ${weeks} weeks in the site's store for ${weeks * POINTS_PER_VIP_WEEK} points.`;
}

function planVip(account: AccountRecord, parameters: SpendParameters, now: Date): Plan | null {
	if (!parameters.vip) return null;
	if (!VIP_CLASSES.includes(account.className.toLowerCase())) {
		return {
			decision: hold(
				'class_not_eligible',
				`The site sells VIP to VIP and Power User only, not to ${account.className}.`,
			),
		};
	}
	const daysLeft = vipDaysLeft(account, now);
	if (daysLeft === null || daysLeft > MAX_DAYS_LEFT) return null;
	const costPoints = Math.ceil(((MAX_VIP_DAYS - daysLeft) / 7) * POINTS_PER_VIP_WEEK);
	const missingPoints = Math.ceil(costPoints + parameters.reservePoints - account.bonusPoints);
	if (missingPoints > 0) {
		return {
			decision: hold(
				'cannot_afford',
				`${missingPoints} more points are needed to extend VIP, of which ${decimal(daysLeft)} days are left: it costs ${costPoints}, and the reserve is ${parameters.reservePoints}.${vipByHand(account, parameters)}`,
			),
		};
	}
	return {
		decision: {
			verdict: 'act',
			reason: 'vip',
			detail: `${decimal(daysLeft)} days of VIP are left: extend it as far as possible, for ${costPoints} points.`,
		},
		purchase: { purchase: 'vip', costPoints },
	};
}

function planCap(
	figures: Figures,
	account: AccountRecord,
	parameters: SpendParameters,
): Plan | null {
	const threshold = parameters.pointsCap - parameters.capHeadroomPoints;
	if (!parameters.spendAboveCap || account.bonusPoints < threshold) return null;
	const tier = parameters.tiersGiB.filter((amount) => amount <= figures.affordableGiB).at(-1);
	if (tier === undefined) return null;
	return uploadPlan(
		'cap_loss',
		tier,
		`The balance of ${Math.floor(account.bonusPoints)} points is within ${parameters.capHeadroomPoints} of the cap of ${parameters.pointsCap}, above which points are lost`,
		parameters,
	);
}

/** While the account does not show the last purchase, its figures are old; after a day nobody waits for it any more. */
function staleAccount({ lastPurchase }: AccountRecord, now: Date): Decision | null {
	if (!lastPurchase || lastPurchase.shown) return null;
	const at = Date.parse(lastPurchase.at);
	// A purchase of the future is one of a clock that was ahead.
	if (!(Math.abs(now.getTime() - at) < DAY_MS)) return null;
	return hold(
		'stale_account',
		`The account does not show the purchase of ${lastPurchase.at} yet, so its figures are old; nothing is planned until it does, or until ${new Date(at + DAY_MS).toISOString()}.`,
	);
}

/** When the last purchase was made, if the account has not shown it for a day; null otherwise. */
export function unprovenPurchase(records: unknown[], now: Date): string | null {
	const { lastPurchase } = records.find(isAccount) ?? {};
	if (!lastPurchase || lastPurchase.shown) return null;
	return now.getTime() - Date.parse(lastPurchase.at) >= DAY_MS ? lastPurchase.at : null;
}

/** Holds the run that reports a purchase that the account never showed; the next run plans without it. */
export function tellUnproven(
	at: string,
	records: unknown[],
	evaluation: Evaluation,
): PolicyResult<'planSpend'> {
	const failure: FailureFacts = {
		cause: 'spend_unknown',
		sentence: `The account has not shown the purchase of ${at} for a day, so it is not known whether it went through. Nothing was planned.`,
		action:
			'Compare the bonus points and the upload credit on the site. The next run plans with the account as it is.',
	};
	const account = records.find(isAccount);
	return holdAll('planSpend', records, { reason: 'stale_account', failure, account }, evaluation);
}

function plan(
	account: AccountRecord,
	figures: Figures,
	parameters: SpendParameters,
	now: Date,
): Plan {
	const stale = staleAccount(account, now);
	if (stale !== null) return { decision: stale };
	if (figures.deficitBytes > 0) return planDeficit(figures, account, parameters);
	const vip = planVip(account, parameters, now);
	if (vip?.purchase !== undefined) return vip;
	const cap = planCap(figures, account, parameters);
	if (cap !== null) return cap;
	return (
		vip ?? {
			decision: hold(
				'no_deficit',
				`The ratio is ${ratioText(account.ratio)}; the target of ${decimal(parameters.targetRatio)} is met.`,
			),
		}
	);
}

/** Balance at which the next larger tier is affordable; undefined when none is larger, or within the cap. */
function nextTierPoints({ affordableGiB }: Figures, parameters: SpendParameters) {
	const { tiersGiB, pointsPerGiB, reservePoints, pointsCap } = parameters;
	const tier = tiersGiB.find((amount) => amount > affordableGiB);
	if (tier === undefined) return undefined;
	const points = tier * pointsPerGiB + reservePoints;
	// No balance ever reaches what lies above the cap.
	return points > pointsCap ? undefined : points;
}

function spendNumbers(
	figures: Figures,
	account: AccountRecord,
	parameters: SpendParameters,
	purchase?: Purchase,
): SpendNumbers {
	const { deficitBytes, neededGiB, affordableGiB, missingPoints } = figures;
	const nextTier = nextTierPoints(figures, parameters);
	const weeks =
		purchase?.purchase === 'vip' ? Math.ceil(purchase.costPoints / POINTS_PER_VIP_WEEK) : 0;
	return {
		deficitGiB: deficitBytes / GIB,
		neededGiB,
		affordableGiB,
		buyGiB: purchase?.amountGiB ?? 0,
		buyWeeks: weeks,
		bonusPoints: account.bonusPoints,
		missingPoints,
		reservePoints: parameters.reservePoints,
		...(nextTier !== undefined && { nextTierPoints: nextTier }),
	};
}

/** What to buy with bonus points: at most one purchase, in tiers, never below the reserve; a ratio deficit first. */
export function planSpend(
	records: unknown[],
	parameters: SpendParameters,
	evaluation: Evaluation,
): PolicyResult<'planSpend'> {
	const account = records.find(isAccount);
	if (account === undefined) {
		const decided = decideOne(account, records, { decision: NO_DATA });
		return policyResult(
			{
				policy: 'planSpend',
				decided,
				lines: ['Profile: no account'],
				numbers: {},
				failure: noData(),
			},
			evaluation,
		);
	}
	const figures = computeFigures(account, parameters);
	const { decision, purchase, byHand: advice } = plan(account, figures, parameters, evaluation.now);
	const extraFields = purchase && {
		...purchase,
		reservePoints: parameters.reservePoints,
		plannedAt: evaluation.now.toISOString(),
	};
	const numbers = spendNumbers(figures, account, parameters, purchase);
	const profile = `ratio=${ratioText(account.ratio)} class=${account.className} DL=${gib(account.downloadedBytes)} UL=${gib(account.uploadedBytes)} BP=${Math.floor(account.bonusPoints)}`;
	const need = `deficit=${gib(figures.deficitBytes)} needed=${numbers.neededGiB} affordable=${numbers.affordableGiB} buy=${numbers.buyGiB}`;
	return policyResult(
		{
			policy: 'planSpend',
			decided: decideOne(account, records, { decision, extraFields }),
			lines: [`Profile: ${profile} | ${need}`, decision.detail],
			numbers,
			extras: advice === undefined ? {} : { byHand: advice },
			account,
		},
		evaluation,
	);
}
