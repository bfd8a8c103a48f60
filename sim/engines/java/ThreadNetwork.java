import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Blocking I/O: one thread per connection, and one per neighbour that this server dials. */
final class ThreadNetwork implements Network {
  private static final int CONNECT_MS = 5000;

  private final Server server;
  private final ServerSocket listener = new ServerSocket();
  private final Set<ThreadConnection> connections = ConcurrentHashMap.newKeySet();
  // For answers of Places, because the thread that sends one may wait for the client.
  private final ExecutorService answering = Executors.newCachedThreadPool();

  ThreadNetwork(Server server) throws IOException {
    this.server = server;
  }

  @Override
  public int listen(String host, int port) throws IOException {
    listener.bind(new InetSocketAddress(host, port), BACKLOG);
    return listener.getLocalPort();
  }

  @Override
  public void start() {
    for (Neighbor neighbor : server.links().neighbors()) {
      if (neighbor.isDialled()) {
        new Thread(() -> keepDialling(neighbor), "to " + neighbor.name).start();
      }
    }
    Executors.newSingleThreadScheduledExecutor().scheduleWithFixedDelay(
        () -> connections.forEach(Connection::checkTimeout), TIMEOUT_CHECK_MS, TIMEOUT_CHECK_MS,
        TimeUnit.MILLISECONDS);
    new Thread(this::acceptAll, "accept").start();
  }

  private void acceptAll() {
    while (true) {
      try {
        accepted(listener.accept());
      } catch (IOException e) {
        server.log().error("cannot accept a connection: " + Log.reason(e));
        pause(ACCEPT_PAUSE_MS);
      }
    }
  }

  private void accepted(Socket socket) throws IOException {
    String peer = Log.name(socket.getRemoteSocketAddress());
    server.log().info("connection from " + peer);
    try {
      new Thread(() -> serve(socket, peer, null), peer).start();
    } catch (OutOfMemoryError e) { // Java's error when it cannot start more threads
      ThreadConnection.close(socket);
      throw new IOException(e.getMessage(), e);
    }
  }

  private void keepDialling(Neighbor neighbor) {
    while (true) {
      var socket = new Socket();
      try {
        socket.connect(neighbor.address, CONNECT_MS);
        serve(socket, "to " + neighbor.name, neighbor);
      } catch (IOException e) {
        server.log().info("connection to " + neighbor.name + ": failed: " + Log.reason(e));
        ThreadConnection.close(socket);
      }
      pause(neighbor.nextBackoffMs());
    }
  }

  /** Serves a connection; returns when it is closed. */
  private void serve(Socket socket, String peer, Neighbor dialled) {
    var connection = new ThreadConnection(socket, peer, server, dialled, answering);
    connections.add(connection);
    connection.run();
    connections.remove(connection);
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts these threads", e);
    }
  }
}
