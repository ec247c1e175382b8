/**
 * So many bytes of a packet that is not whole are a sign of life, as for mosquitto: a large message may take longer than
 * the keep alive, and who cannot send this much in that time is as good as gone. A byte that completes no packet is none.
 */
export const livePartBytes = 1000
