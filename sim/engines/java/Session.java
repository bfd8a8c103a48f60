import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The protocol on one connection. A connection from outside belongs to a client until its handshake
 * makes it a link; a dialled connection leads to a neighbour. One thread at a time passes in lines.
 */
final class Session implements LineSplitter.Lines {
  private static final int MAX_CLIENT_LINE = 8192;
  private static final int MAX_LINK_LINE = MAX_CLIENT_LINE + 1024;
  private static final int OVERLONG_ECHO = 64;
  // The server stops reading from a client with more unsent bytes or waiting answers than this.
  private static final int CLIENT_UNSENT = 1 << 20;
  private static final int CLIENT_WAITING = 1000;

  /** ASKED: the other side has said LINK, and must say MAC. DIALLED: this server has said LINK. */
  private enum Role { CLIENT, ASKED, DIALLED, LINK, OVER }

  private final Server server;
  private final Connection connection;
  private final Answers answers;
  private final LineSplitter splitter = new LineSplitter();
  private volatile Role role;
  private volatile Neighbor neighbor; // set in the roles ASKED, DIALLED and LINK
  private Handshake handshake; // of the roles ASKED and DIALLED
  private boolean hasSpoken;
  private long badLinkLines;

  /** `dialled` is null if the other side dialled. */
  Session(Server server, Connection connection, Neighbor dialled) {
    this.server = server;
    this.connection = connection;
    answers = new Answers(connection);
    neighbor = dialled;
    role = dialled == null ? Role.CLIENT : Role.DIALLED;
  }

  /** Called when the connection is established. */
  void opened() {
    if (role != Role.DIALLED) return;
    handshake = server.beginHandshake(neighbor.name, null);
    say(handshake.link());
  }

  /** Copies the unfinished line into a buffer; returns its length. */
  int restore(byte[] buffer) {
    return splitter.restore(buffer);
  }

  /** Handles a buffer with the bytes from restore() and the input after them. */
  void received(byte[] buffer, int size) {
    splitter.split(buffer, size, this);
  }

  /** Called at the end of the input: a client still gets its answers, a link ends. */
  void inputEnded() {
    if (isOutsider()) {
      role = Role.OVER;
      answers.end();
    } else if (role != Role.OVER) {
      connection.drop("ended by the neighbour");
    }
  }

  /** Called when the connection is closed. */
  void closed() {
    if (role == Role.LINK) server.links().takeDown(neighbor, this);
    role = Role.OVER;
  }

  /** Called when another connection has become the link. */
  void replaced() {
    role = Role.OVER;
    connection.drop("dialled again");
  }

  /** Returns whether the session ignores further input. */
  boolean isOver() {
    return role == Role.OVER;
  }

  /** Returns whether the client has read enough answers for the server to read on. */
  boolean mayRead() {
    return !isOutsider() || answers.waitingCount() <= CLIENT_WAITING
        && answers.heldBytes() + connection.unsent() <= CLIENT_UNSENT;
  }

  private boolean isOutsider() {
    return role == Role.CLIENT || role == Role.ASKED;
  }

  Neighbor neighbor() {
    return neighbor;
  }

  /** Sends a report over this link. */
  void sendOn(Report report) {
    if (server.log().isDebug()) logLine("to", report.line(), 0, report.line().length);
    connection.send(report.line(), LineSplitter.LF);
  }

  @Override
  public int maxLine() {
    return isOutsider() ? MAX_CLIENT_LINE : MAX_LINK_LINE;
  }

  @Override
  public void line(byte[] buffer, int from, int to, byte[] ending) {
    if (server.log().isDebug()) logLine("from", buffer, from, to);
    switch (role) {
      case CLIENT -> clientLine(buffer, from, to, ending);
      case ASKED -> macLine(buffer, from, to, ending);
      case DIALLED -> handshakeLine(buffer, from, to);
      case LINK -> linkLine(buffer, from, to);
      case OVER -> { }
    }
    hasSpoken = true;
  }

  @Override
  public void overlong(byte[] buffer, int from) {
    if (isOutsider()) {
      refuse(buffer, from, from + OVERLONG_ECHO, LineSplitter.LF);
      role = Role.OVER;
      answers.end();
    } else if (role != Role.OVER) {
      connection.drop("line too long");
    }
  }

  private void clientLine(byte[] buffer, int from, int to, byte[] ending) {
    List<String> fields = Fields.split(buffer, from, to);
    String command = fields.isEmpty() ? "" : fields.get(0);
    boolean isGood = switch (command) {
      case "IAMAT" -> iamat(fields, ending);
      case "WHATSAT" -> whatsat(fields, ending);
      case "LINK" -> link(fields);
      default -> false;
    };
    if (isGood) return;
    refuse(buffer, from, to, ending);
    if (command.equals("LINK") && isLinkLine(fields) && !hasSpoken) endBadHandshake();
  }

  private void endBadHandshake() {
    server.log().info("closing " + connection.peer() + ": bad handshake");
    role = Role.OVER;
    answers.end();
  }

  private void refuse(byte[] buffer, int from, int to, byte[] ending) {
    var answer = new byte[2 + to - from];
    answer[0] = '?';
    answer[1] = ' ';
    System.arraycopy(buffer, from, answer, 2, to - from);
    answer(answer, ending);
  }

  private void answer(byte[] text, byte[] ending) {
    if (server.log().isDebug()) logLine("to", text, 0, text.length);
    answers.add(text, ending);
  }

  private boolean iamat(List<String> fields, byte[] ending) {
    if (fields.size() != 4 || !Fields.isLocation(fields.get(2))) return false;
    long timeNs = Fields.time(fields.get(3));
    if (timeNs < 0) return false;
    var report = Report.heard(server.name(), Server.clockNs(), fields.get(1), fields.get(2),
        fields.get(3), timeNs);
    server.heard(report);
    answer(report.line(), ending);
    return true;
  }

  private boolean whatsat(List<String> fields, byte[] ending) {
    if (fields.size() != 4 || !Fields.isRadius(fields.get(2))) return false;
    int bound = Fields.bound(fields.get(3));
    Report known = server.records().find(fields.get(1));
    if (bound == 0 || known == null) return false;
    var waiting = answers.begin(known.line(), ending);
    server.places().ask(known.location(), fields.get(2)).thenAcceptAsync(found -> {
      answers.complete(waiting, found.cut(bound), ending);
      connection.flush();
    }, connection);
    return true;
  }

  /** Returns whether these are the fields of a LINK or LINKED. */
  private static boolean isLinkLine(List<String> fields) {
    return fields.size() == 5 && fields.subList(1, 4).stream().allMatch(Fields::isName);
  }

  /** Returns whether a LINK or LINKED is from this neighbour to this server. */
  private boolean isFrom(List<String> fields, Neighbor expected) {
    return isLinkLine(fields) && fields.get(1).equals(server.herd())
        && fields.get(2).equals(expected.name) && fields.get(3).equals(server.name());
  }

  private boolean link(List<String> fields) {
    Neighbor expected = isLinkLine(fields) ? server.links().find(fields.get(2)) : null;
    boolean mayLink = !hasSpoken && expected != null && !expected.isDialled()
        && isFrom(fields, expected);
    if (mayLink) {
      neighbor = expected;
      handshake = server.beginHandshake(expected.name, fields.get(4));
      role = Role.ASKED;
      say(handshake.nonce());
    }
    return mayLink;
  }

  private void macLine(byte[] buffer, int from, int to, byte[] ending) {
    List<String> fields = Fields.split(buffer, from, to);
    if (isToken(fields, "MAC") && handshake.isProven("MAC", fields.get(1))) {
      say(handshake.linked());
      bringUp();
      // Last, because a link's writer may send at once. After LINKED the neighbour gets all news.
      connection.becomeLink();
    } else {
      refuse(buffer, from, to, ending);
      endBadHandshake();
    }
  }

  private static boolean isToken(List<String> fields, String command) {
    return fields.size() == 2 && fields.get(0).equals(command);
  }

  private void handshakeLine(byte[] buffer, int from, int to) {
    List<String> fields = Fields.split(buffer, from, to);
    if (!handshake.hasTheirNonce() && isToken(fields, "NONCE")) {
      handshake.setTheirNonce(fields.get(1));
      say(handshake.mac());
    } else if (handshake.hasTheirNonce() && !fields.isEmpty() && fields.get(0).equals("LINKED")
        && isFrom(fields, neighbor) && handshake.isProven("LINKED", fields.get(4))) {
      connection.becomeLink();
      bringUp();
    } else {
      role = Role.OVER;
      connection.drop("not acknowledged");
    }
  }

  private void bringUp() {
    role = Role.LINK;
    server.links().bringUp(neighbor, this);
  }

  /** Handles a line of a link. Never answers: two servers would answer each other for ever. */
  private void linkLine(byte[] buffer, int from, int to) {
    Report report = Report.relayed(buffer, from, to, server.servers());
    if (report != null) {
      server.relayed(report, neighbor);
    } else if (!Fields.split(buffer, from, to).equals(List.of("ALIVE"))) {
      server.log().info("link to " + neighbor.name + ": bad line, the " + ++badLinkLines
          + ". of this connection: " + text(buffer, from, to));
    }
  }

  private void say(String line) {
    connection.send(line.getBytes(StandardCharsets.ISO_8859_1), LineSplitter.LF);
  }

  private void logLine(String direction, byte[] buffer, int from, int to) {
    server.log().debug(direction + " " + connection.peer() + ": " + text(buffer, from, to));
  }

  private static String text(byte[] buffer, int from, int to) {
    return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
