/** Whether there is more to do at once, or nothing before the next head, or what is to be done cannot be done yet. */
export type PassResult = 'more' | 'wait' | 'stands';
