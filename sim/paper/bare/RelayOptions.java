import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The command line of a bare relay, and what both relays in Java know about lines. */
record RelayOptions(int port, List<InetSocketAddress> dial, int expect, byte reach) {
  static final int EXTRA = 17;
  static final byte CLIENT = 'I', LINK = 'L', DUPLICATE = '0', PAD = 'x';
  static final byte[] HELLO = {LINK, '\n'};

  static RelayOptions parse(String[] arguments) {
    int port = 0, expect = 0, reach = 0;
    var dial = new ArrayList<InetSocketAddress>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--port" -> port = Integer.parseInt(value);
        case "--expect" -> expect = Integer.parseInt(value);
        case "--reach" -> reach = Integer.parseInt(value);
        case "--dial" -> {
          for (String each : value.isEmpty() ? new String[0] : value.split(",")) {
            String[] parts = each.split(":");
            dial.add(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
          }
        }
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    return new RelayOptions(port, dial, expect, (byte) (DUPLICATE + reach));
  }

  int links() {
    return dial.size() + expect;
  }

  static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
