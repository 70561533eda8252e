/**
 * There is more to do at once; we stand on the node's head, and nothing is to be done before the next; another process leads, or
 * the chain is stopped; or what is to be done cannot be done yet.
 */
export type PassResult = 'more' | 'tip' | 'wait' | 'stands';
