export { HttpClient as BearerCredentialHandler } from '../index.js';
