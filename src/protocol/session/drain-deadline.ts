/** How long handshakes, and output that they wait for, may take after a wish to stop. Whoever waits keeps the time. */
export const drainDeadlineMs = 2000
