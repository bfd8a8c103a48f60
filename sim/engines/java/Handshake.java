import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One handshake with a neighbour. Both servers draw a nonce, and show by a MAC over both nonces that
 * they know the herd's secret. One thread at a time.
 */
final class Handshake {
  private static final int SIZE = 32; // bytes of a nonce, and of a MAC
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Options options;
  private final String neighbor;
  private final String ownNonce;
  private String theirNonce;

  /** `theirNonce` is null until the neighbour has sent it. */
  Handshake(Options options, String neighbor, String theirNonce) {
    this.options = options;
    this.neighbor = neighbor;
    this.theirNonce = theirNonce;
    var bytes = new byte[SIZE];
    RANDOM.nextBytes(bytes);
    ownNonce = HexFormat.of().formatHex(bytes);
  }

  boolean hasTheirNonce() {
    return theirNonce != null;
  }

  void setTheirNonce(String nonce) {
    theirNonce = nonce;
  }

  String link() {
    return String.join(" ", "LINK", options.herd(), options.server(), neighbor, ownNonce);
  }

  String nonce() {
    return "NONCE " + ownNonce;
  }

  String mac() {
    return "MAC " + ownMac("MAC");
  }

  String linked() {
    return String.join(" ", "LINKED", options.herd(), options.server(), neighbor,
        ownMac("LINKED"));
  }

  /** Returns whether the neighbour has shown the right MAC in its line MAC or LINKED. */
  boolean isProven(String word, String shown) {
    String wanted = mac(word, options.herd(), neighbor, options.server(), theirNonce, ownNonce);
    return MessageDigest.isEqual(wanted.getBytes(StandardCharsets.ISO_8859_1),
        shown.getBytes(StandardCharsets.ISO_8859_1));
  }

  private String ownMac(String word) {
    return mac(word, options.herd(), options.server(), neighbor, ownNonce, theirNonce);
  }

  /** Returns HMAC-SHA-512 of the fields, cut to 32 bytes, in hex; its key is the secret's hash. */
  private String mac(String... fields) {
    // Java decoded the environment with this charset, so this gives the original bytes.
    byte[] secret = options.secret().getBytes(Charset.defaultCharset());
    byte[] text = String.join(" ", fields).getBytes(StandardCharsets.ISO_8859_1);
    try {
      byte[] key = MessageDigest.getInstance("SHA-256").digest(secret);
      var mac = Mac.getInstance("HmacSHA512");
      mac.init(new SecretKeySpec(key, "HmacSHA512"));
      return HexFormat.of().formatHex(Arrays.copyOf(mac.doFinal(text), SIZE));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }
}
