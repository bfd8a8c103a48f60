import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One or more event loops. Connections are spread over the loops, and each connection stays with
 * its loop. With one loop everything runs on one thread.
 */
final class EventNetwork implements Network {
  private final Server server;
  private final EventLoop[] loops;
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final Set<ChannelConnection> connections = ConcurrentHashMap.newKeySet();
  private int accepted;

  EventNetwork(Server server, int loopCount) throws IOException {
    this.server = server;
    loops = new EventLoop[loopCount];
    for (int i = 0; i < loopCount; i++) loops[i] = new EventLoop("loop-" + i, server.log());
  }

  @Override
  public int listen(String host, int port) throws IOException {
    listener.bind(new InetSocketAddress(host, port), BACKLOG);
    listener.configureBlocking(false);
    return listener.socket().getLocalPort();
  }

  @Override
  public void start() throws IOException {
    loops[0].register(listener, SelectionKey.OP_ACCEPT, this::accept);
    loops[0].execute(this::watchTimeouts);
    int next = 0;
    for (Neighbor neighbor : server.links().neighbors()) {
      EventLoop loop = loops[next++ % loops.length];
      if (neighbor.isDialled()) loop.execute(() -> dial(loop, neighbor));
    }
    for (EventLoop loop : loops) loop.start();
  }

  private void accept(SelectionKey key) {
    try {
      for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
        EventLoop loop = loops[accepted++ % loops.length];
        var connection = channel;
        loop.execute(() -> open(loop, connection));
      }
    } catch (IOException e) {
      server.log().error("cannot accept a connection: " + Log.reason(e));
      key.interestOps(0);
      loops[0].after(ACCEPT_PAUSE_MS, () -> key.interestOps(SelectionKey.OP_ACCEPT));
    }
  }

  private void open(EventLoop loop, SocketChannel channel) {
    String peer = Log.name(channel.socket().getRemoteSocketAddress());
    server.log().info("connection from " + peer);
    begin(new ChannelConnection(loop, channel, peer, server, null, connections::remove));
  }

  private void dial(EventLoop loop, Neighbor neighbor) {
    try {
      var channel = SocketChannel.open();
      begin(new ChannelConnection(loop, channel, "to " + neighbor.name, server, neighbor, ended -> {
        connections.remove(ended);
        dialLater(loop, neighbor);
      }));
    } catch (IOException e) {
      server.log().error("link to " + neighbor.name + ": cannot dial: " + Log.reason(e));
      dialLater(loop, neighbor);
    }
  }

  private void dialLater(EventLoop loop, Neighbor neighbor) {
    loop.after(neighbor.nextBackoffMs(), () -> dial(loop, neighbor));
  }

  private void begin(ChannelConnection connection) {
    connections.add(connection);
    connection.start();
  }

  private void watchTimeouts() {
    connections.forEach(Connection::checkTimeout);
    loops[0].after(TIMEOUT_CHECK_MS, this::watchTimeouts);
  }
}
