/**
 * There is more to do at once; we came to the node's head; we stood on it already; another process leads, or the chain is stopped;
 * or what is to be done cannot be done yet.
 */
export type PassResult = 'more' | 'tip' | 'nothing' | 'wait' | 'stands';
