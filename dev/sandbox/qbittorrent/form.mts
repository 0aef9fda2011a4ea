import type { FastifyRequest } from 'fastify';

import type { Traits } from './versions.mts';

/** The fields of a URL-encoded body. */
export function formOf(request: FastifyRequest): URLSearchParams {
	return new URLSearchParams(String(request.body ?? ''));
}

/** The fields and files of a multipart body; a URL-encoded one is read as well. */
export async function multipartOf(request: FastifyRequest): Promise<FormData> {
	const type = String(request.headers['content-type']);
	const body = new Uint8Array((request.body as Buffer | undefined) ?? Buffer.alloc(0));
	return await new Response(body, { headers: { 'content-type': type } }).formData();
}

/** What a 400 says when some of `fields` are not in `form`; null when all are. */
export function missingFields(
	form: URLSearchParams,
	fields: string[],
	{ namesMissing }: Pick<Traits, 'namesMissing'>,
): string | null {
	const missing = fields.filter((field) => !form.has(field));
	if (missing.length === 0) return null;
	return namesMissing ? `Missing required parameters: ${missing.join(', ')}` : 'Bad Request';
}
