// See ../../README.md.
export class BearerCredentialHandler {}
