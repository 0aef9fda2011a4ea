import type { FastifyRequest } from 'fastify';

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
