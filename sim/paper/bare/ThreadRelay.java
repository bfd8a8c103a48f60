import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bare relay in Java with a thread per connection: README.md says what it does. */
final class ThreadRelay {
  private static final int SIZE = 64 << 10;

  /** One connection. Its reader owns it; any thread may owe it bytes if it is a link. */
  private final class Peer {
    final Socket socket;
    private byte[] out = new byte[SIZE];
    private int outSize;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
    }

    synchronized void owe(byte first, int extra, byte[] bytes, int begin, int end) {
      int more = extra + end - begin;
      if (out.length - outSize < more) out = Arrays.copyOf(out, 2 * out.length + more);
      if (outSize == 0) notify();
      out[outSize] = first;
      Arrays.fill(out, outSize + 1, outSize + extra, RelayOptions.PAD);
      System.arraycopy(bytes, begin, out, outSize + extra, end - begin);
      outSize += more;
    }

    synchronized byte[] take(boolean waits) throws InterruptedException {
      while (waits && outSize == 0) wait();
      byte[] taken = Arrays.copyOf(out, outSize);
      outSize = 0;
      return taken;
    }

    void write(byte[] text) throws IOException {
      if (text.length > 0) socket.getOutputStream().write(text);
    }
  }

  private final RelayOptions options;
  private final List<Peer> links = new CopyOnWriteArrayList<>();

  private ThreadRelay(RelayOptions options) {
    this.options = options;
  }

  private void run() throws IOException {
    try (var listener = new ServerSocket(options.port(), 1024, InetAddress.getByName("127.0.0.1"))) {
      RelayOptions.say("listening 127.0.0.1:" + listener.getLocalPort());
      for (InetSocketAddress address : options.dial()) {
        var peer = new Peer(new Socket(address.getAddress(), address.getPort()));
        peer.write(RelayOptions.HELLO);
        becomeLink(peer);
        new Thread(() -> read(peer)).start();
      }
      if (options.dial().isEmpty()) tellLinked();
      while (true) {
        var peer = new Peer(listener.accept());
        new Thread(() -> read(peer)).start();
      }
    }
  }

  private void read(Peer peer) {
    var bytes = new byte[SIZE];
    int held = 0;
    try {
      var input = peer.socket.getInputStream();
      while (true) {
        int size = input.read(bytes, held, SIZE - held);
        if (size < 0) break;
        size += held;
        int begin = 0;
        for (int at = held; at < size; at++) {
          if (bytes[at] != '\n') continue;
          handle(peer, bytes, begin, at + 1);
          begin = at + 1;
        }
        held = size - begin;
        System.arraycopy(bytes, begin, bytes, 0, held);
        if (!links.contains(peer)) peer.write(peer.take(false));
      }
      peer.socket.close();
    } catch (IOException | InterruptedException e) {
      // The connection has ended.
    }
  }

  private void handle(Peer peer, byte[] bytes, int begin, int end) {
    byte first = bytes[begin];
    if (first == RelayOptions.CLIENT) {
      peer.owe(RelayOptions.PAD, RelayOptions.EXTRA, bytes, begin, end);
      for (Peer link : links) link.owe(options.reach(), RelayOptions.EXTRA, bytes, begin, end);
    } else if (first == RelayOptions.LINK) {
      becomeLink(peer);
    } else if (first > RelayOptions.DUPLICATE) {
      for (Peer link : links) {
        byte next = link == peer ? RelayOptions.DUPLICATE : (byte) (first - 1);
        link.owe(next, 1, bytes, begin + 1, end);
      }
    }
  }

  private synchronized void becomeLink(Peer peer) {
    links.add(peer);
    new Thread(() -> writeLink(peer)).start();
    tellLinked();
  }

  private void tellLinked() {
    if (links.size() == options.links()) RelayOptions.say("linked");
  }

  private void writeLink(Peer peer) {
    try {
      while (true) peer.write(peer.take(true));
    } catch (IOException | InterruptedException e) {
      // The connection has ended.
    }
  }

  public static void main(String[] arguments) throws IOException {
    new ThreadRelay(RelayOptions.parse(arguments)).run();
  }
}
