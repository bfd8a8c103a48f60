import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bare relay in Java with one thread and a selector: README.md says what it does. */
final class NioRelay {
  private static final int SIZE = 64 << 10;

  /** One connection. */
  private static final class Peer {
    final SocketChannel channel;
    SelectionKey key;
    final byte[] partial = new byte[SIZE];
    int partialSize;
    byte[] out = new byte[SIZE];
    int outSize;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private final RelayOptions options;
  private final Selector selector = Selector.open();
  private final ByteBuffer input = ByteBuffer.allocateDirect(SIZE);
  private final ByteBuffer output = ByteBuffer.allocateDirect(SIZE);
  private final byte[] bytes = new byte[2 * SIZE];
  private final List<Peer> links = new ArrayList<>();
  private final List<Peer> owing = new ArrayList<>();

  private NioRelay(RelayOptions options) throws IOException {
    this.options = options;
  }

  private void run() throws IOException {
    var listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress("127.0.0.1", options.port()), 1024);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT, listener);
    RelayOptions.say("listening 127.0.0.1:" + listener.socket().getLocalPort());
    for (InetSocketAddress address : options.dial()) {
      Peer peer = begin(SocketChannel.open(address));
      owe(peer, RelayOptions.HELLO, 0, RelayOptions.HELLO.length);
      becomeLink(peer);
    }
    tellLinked();
    writeOwed();
    while (true) {
      selector.select(this::ready);
      writeOwed();
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.attachment() instanceof ServerSocketChannel listener) {
        begin(listener.accept());
      } else {
        var peer = (Peer) key.attachment();
        if (key.isReadable()) read(peer);
        if (key.isValid() && key.isWritable()) write(peer);
      }
    } catch (IOException e) {
      key.cancel();
    }
  }

  private Peer begin(SocketChannel channel) throws IOException {
    var peer = new Peer(channel);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
    return peer;
  }

  private void read(Peer peer) throws IOException {
    int size = peer.channel.read(input.clear());
    if (size < 0) {
      peer.channel.close();
      return;
    }
    System.arraycopy(peer.partial, 0, bytes, 0, peer.partialSize);
    input.flip().get(bytes, peer.partialSize, size);
    size += peer.partialSize;
    int begin = 0;
    for (int at = peer.partialSize; at < size; at++) {
      if (bytes[at] != '\n') continue;
      handle(peer, begin, at + 1);
      begin = at + 1;
    }
    peer.partialSize = size - begin;
    System.arraycopy(bytes, begin, peer.partial, 0, peer.partialSize);
  }

  private void handle(Peer peer, int begin, int end) {
    byte first = bytes[begin];
    if (first == RelayOptions.CLIENT) {
      owe(peer, RelayOptions.PAD, RelayOptions.EXTRA, begin, end);
      for (Peer link : links) owe(link, options.reach(), RelayOptions.EXTRA, begin, end);
    } else if (first == RelayOptions.LINK) {
      becomeLink(peer);
      tellLinked();
    } else if (first > RelayOptions.DUPLICATE) {
      for (Peer link : links) {
        owe(link, link == peer ? RelayOptions.DUPLICATE : (byte) (first - 1), 1, begin + 1, end);
      }
    }
  }

  private void becomeLink(Peer peer) {
    links.add(peer);
  }

  private void tellLinked() {
    if (links.size() == options.links()) RelayOptions.say("linked");
  }

  /** Owes `first`, padded to `extra` bytes, and a part of the input. */
  private void owe(Peer peer, byte first, int extra, int begin, int end) {
    makeRoom(peer, extra + end - begin);
    peer.out[peer.outSize] = first;
    Arrays.fill(peer.out, peer.outSize + 1, peer.outSize + extra, RelayOptions.PAD);
    System.arraycopy(bytes, begin, peer.out, peer.outSize + extra, end - begin);
    peer.outSize += extra + end - begin;
  }

  private void owe(Peer peer, byte[] text, int begin, int end) {
    makeRoom(peer, end - begin);
    System.arraycopy(text, begin, peer.out, peer.outSize, end - begin);
    peer.outSize += end - begin;
  }

  private void makeRoom(Peer peer, int more) {
    if (peer.outSize == 0) owing.add(peer);
    if (peer.out.length - peer.outSize < more) {
      peer.out = Arrays.copyOf(peer.out, 2 * peer.out.length + more);
    }
  }

  private void writeOwed() {
    for (Peer peer : owing) {
      try {
        // A peer that cannot take more is written to when it can.
        if ((peer.key.interestOps() & SelectionKey.OP_WRITE) == 0) write(peer);
      } catch (IOException e) {
        peer.key.cancel();
      }
    }
    owing.clear();
  }

  private void write(Peer peer) throws IOException {
    int begin = 0;
    while (begin < peer.outSize) {
      output.clear().put(peer.out, begin, Math.min(SIZE, peer.outSize - begin)).flip();
      begin += peer.channel.write(output);
      if (output.hasRemaining()) break;
    }
    peer.outSize -= begin;
    System.arraycopy(peer.out, begin, peer.out, 0, peer.outSize);
    int wanted = SelectionKey.OP_READ | (peer.outSize > 0 ? SelectionKey.OP_WRITE : 0);
    if (peer.key.interestOps() != wanted) peer.key.interestOps(wanted);
  }

  public static void main(String[] arguments) throws IOException {
    new NioRelay(RelayOptions.parse(arguments)).run();
  }
}
