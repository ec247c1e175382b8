/** What passed since the broker started, for $SYS. */
export class TrafficCount {
  connected = 0
  mostConnected = 0
  publishesReceived = 0
  publishesSent = 0
  publishesDropped = 0
  messagesReceived = 0
  messagesSent = 0
  bytesReceived = 0
  bytesSent = 0

  clientConnected(): void {
    this.connected++
    this.mostConnected = Math.max(this.mostConnected, this.connected)
  }
}
