"""A client made of Debian's paho-mqtt. Arguments: what version port topic qos retain payload-or-count.

    sub   prints "topic qos retain payload" for each message, and leaves after that many
    pub   publishes, and leaves when the broker has taken the message
    will  connects with a will, and drops the connection when told to by a line on stdin
"""

import os
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.subscribeoptions import SubscribeOptions

what, version, port, topic, qos, retain, last = sys.argv[1:8]
protocol = {"3": mqtt.MQTTv31, "4": mqtt.MQTTv311, "5": mqtt.MQTTv5}[version]
qos, retain = int(qos), retain == "1"
client = mqtt.Client(f"paho-{what}-{os.getpid()}", protocol=protocol)
left = int(last) if what == "sub" else 0


def connected(*_):
    if what == "sub":
        client.subscribe(topic, options=SubscribeOptions(qos=qos)) if version == "5" else client.subscribe(topic, qos)
    elif what == "pub":
        client.publish(topic, last, qos, retain)
    else:
        sys.stdin.readline()
        client._sock_close()  # no DISCONNECT: the broker has to think that we are gone
        sys.exit(0)


def arrived(_client, _userdata, message):
    global left
    print(message.topic, message.qos, int(message.retain), message.payload.decode(), flush=True)
    left -= 1
    if left == 0:
        client.disconnect()


client.on_connect = connected
client.on_message = arrived
client.on_publish = lambda *_: client.disconnect()
if what == "will":
    client.will_set(topic, last, qos, retain)
client.connect("127.0.0.1", int(port))
client.loop_forever()
