import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The MAC in a handshake, which proves that a server knows the herd's secret. */
final class Proof {
  private static final int SIZE = 32;

  private Proof() {}

  /** Returns HMAC-SHA-512 of the names, cut to 32 bytes, in hex; its key is the secret's hash. */
  static String of(String secret, String herd, String from, String to) {
    // Java decoded the environment with this charset, so this gives the original bytes.
    byte[] secretBytes = secret.getBytes(Charset.defaultCharset());
    byte[] names = (herd + ' ' + from + ' ' + to).getBytes(StandardCharsets.ISO_8859_1);
    try {
      byte[] key = MessageDigest.getInstance("SHA-256").digest(secretBytes);
      var mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(key, "HmacSHA512"));
      return HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(names), SIZE));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }

  /** Compares in constant time. */
  static boolean matches(String expected, String shown) {
    return MessageDigest.isEqual(expected.getBytes(StandardCharsets.ISO_8859_1),
        shown.getBytes(StandardCharsets.ISO_8859_1));
  }
}
