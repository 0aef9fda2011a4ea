import axios from 'axios';

/**
 * The HTTP client of the stack, the sandbox and their tests. Every status is an answer, bodies are text unless
 * `responseType` says otherwise, and a proxy of the environment is not used: all servers are on loopback.
 */
export const http = axios.create({
	proxy: false,
	responseType: 'text',
	validateStatus: () => true,
	maxBodyLength: Infinity,
	maxContentLength: Infinity,
});
