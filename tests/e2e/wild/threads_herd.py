"""A herd with all servers in one process and a thread per connection.

Its habits: a client must close its side before it is answered; the answer ends with the
connection, in CR LF; times are floats printed again; a connection without a command causes a
traceback.
"""

import socketserver
import sys
import threading
import time

ports = dict(word.split("=") for word in sys.argv[1].split(","))
clients = {name: {} for name in ports}
lock = threading.Lock()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def serve(name, port):
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            words = self.rfile.read().decode().split()
            command = words[0]  # an IndexError if the client sends nothing
            if command == "IAMAT":
                stamp = float(words[3])
                at = "AT %s %+.6f %s %s %r" % (name, time.time() - stamp, words[1], words[2], stamp)
                with lock:
                    for server in clients:
                        clients[server][words[1]] = at
                        print("server", server, "has", words[1], repr(stamp), flush=True)
                self.wfile.write((at + "\r\n").encode())
            else:
                self.wfile.write(("? " + " ".join(words) + "\r\n").encode())

    Server(("127.0.0.1", int(port)), Handler).serve_forever()


for name, address in ports.items():
    threading.Thread(target=serve, args=(name, address.rsplit(":", 1)[1])).start()
