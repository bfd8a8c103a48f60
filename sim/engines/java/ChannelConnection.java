import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A non-blocking connection of an event loop. */
final class ChannelConnection extends Connection implements EventLoop.Handler {
  private final EventLoop loop;
  private final SocketChannel channel;
  private final Log log;
  private final Session session;
  private final Neighbor dialled;
  private final Consumer<ChannelConnection> onClosed;
  private SelectionKey key;
  private boolean isFinishing;
  private boolean outputHasEnded;
  private boolean inputHasEnded;
  private boolean isClosed;

  /** `onClosed` runs on the loop's thread. `dialled` is null if the other side dialled. */
  ChannelConnection(EventLoop loop, SocketChannel channel, String peer, Server server,
      Neighbor dialled, Consumer<ChannelConnection> onClosed) {
    super(peer, dialled != null);
    this.loop = loop;
    this.channel = channel;
    this.dialled = dialled;
    this.onClosed = onClosed;
    log = server.log();
    session = new Session(server, this, dialled);
  }

  /** Begins to read or to dial. Call it on the loop's thread. */
  void start() {
    guard(() -> {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (dialled != null) channel.connect(dialled.address);
      boolean connected = channel.isConnected();
      int interest = connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
      key = loop.register(channel, interest, this);
      if (connected) session.opened();
    });
  }

  @Override
  public void ready(SelectionKey key) {
    guard(() -> {
      if (key.isConnectable()) connect();
      if (key.isValid() && key.isReadable()) read();
      if (key.isValid() && key.isWritable()) write();
    });
  }

  /** Runs a task. A failure of one connection must not end the loop of all. */
  private void guard(Task task) {
    if (isClosed) return;
    try {
      task.run();
    } catch (IOException e) {
      close("failed: " + Log.reason(e));
    } catch (RuntimeException e) {
      log.error("connection " + peer() + ": " + e);
      close("failed");
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private void connect() throws IOException {
    channel.finishConnect();
    key.interestOps(SelectionKey.OP_READ);
    session.opened();
  }

  private void read() throws IOException {
    ByteBuffer input = loop.input;
    input.clear().position(session.restore(input.array()));
    int size = channel.read(input);
    if (size < 0) {
      inputHasEnded = true;
      setInterest(SelectionKey.OP_READ, false);
      session.inputEnded();
      closeWhenFinished();
    } else if (session.isOver()) {
      progressed();
    } else {
      session.received(input.array(), input.position());
      if (!session.mayRead()) setInterest(SelectionKey.OP_READ, false);
    }
  }

  @Override
  protected void outputBegins() {
    loop.execute(this::flushNow);
  }

  private void flushNow() {
    guard(this::write);
  }

  private void write() throws IOException {
    if (!channel.isConnected()) return;
    ByteBuffer output = loop.output;
    for (output.clear(); outbox.peek(output) > 0; output.clear()) {
      int sent = channel.write(output.flip());
      outbox.skip(sent);
      if (sent > 0) progressed();
      if (output.hasRemaining()) break;
    }
    setInterest(SelectionKey.OP_WRITE, unsent() > 0);
    if (!inputHasEnded && (session.isOver() || session.mayRead())) {
      setInterest(SelectionKey.OP_READ, true);
    }
    closeWhenFinished();
  }

  @Override
  void flush() {
    // The loop writes at the end of its turn.
  }

  @Override
  void finish() {
    loop.execute(() -> guard(() -> {
      isFinishing = true;
      write();
    }));
  }

  private void closeWhenFinished() throws IOException {
    if (!isFinishing || unsent() > 0) return;
    if (inputHasEnded) {
      close("closed");
    } else if (!outputHasEnded) {
      outputHasEnded = true;
      channel.shutdownOutput();
      awaitFarewell();
    }
  }

  @Override
  void drop(String reason) {
    loop.execute(() -> close(reason));
  }

  private void close(String reason) {
    if (isClosed) return;
    isClosed = true;
    log.info("connection " + peer() + ": " + reason);
    try {
      channel.close();
    } catch (IOException e) {
      log.info("connection " + peer() + ": closing failed: " + Log.reason(e));
    }
    session.closed();
    onClosed.accept(this);
  }

  /** Changes the key only if needed, because a change is expensive. */
  private void setInterest(int operation, boolean wanted) {
    int now = key.interestOps();
    int next = wanted ? now | operation : now & ~operation;
    if (next != now) key.interestOps(next);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }
}
